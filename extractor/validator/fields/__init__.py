"""What the fields of a user's schema are held against: whose words they are, and whose numbers."""
