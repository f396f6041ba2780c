# syntax=docker/dockerfile:1
# The service without a model: `docker build -t claim-extractor .`; see docs/service.md.
ARG PYTHON=3.13

FROM python:${PYTHON}-slim AS build
WORKDIR /source
RUN python -m venv /venv
COPY pyproject.toml README.md LICENSE ./
COPY docs/licenses docs/licenses
COPY prompts prompts
COPY extractor extractor
RUN /venv/bin/pip install --no-cache-dir --disable-pip-version-check '.[serve]'

FROM python:${PYTHON}-slim
RUN useradd --system --uid 10001 --no-create-home extractor \
    && install -d -o extractor -g extractor -m 0700 /runs
COPY --from=build /venv /venv
ENV PATH=/venv/bin:$PATH \
    PYTHONUNBUFFERED=1 \
    HOME=/tmp \
    XDG_CACHE_HOME=/tmp/cache
USER 10001
VOLUME /runs
EXPOSE 8080
STOPSIGNAL SIGTERM
HEALTHCHECK --interval=30s --timeout=5s --start-period=20s \
    CMD ["python", "-c", "import urllib.request; urllib.request.urlopen('http://127.0.0.1:8080/healthz', timeout=4)"]
# Other machines can reach it, so it does not start without EXTRACTOR_SERVE_KEYS.
ENTRYPOINT ["extractor", "serve", "--host=0.0.0.0", "--port=8080", "--runs=/runs"]
CMD ["--without-model"]
