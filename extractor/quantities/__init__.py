"""The number reader: every figure of a text, with value, interval, hedge, unit and span."""
