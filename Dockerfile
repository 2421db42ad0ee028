FROM python:3.12-slim-bookworm

# Pango draws the PDFs; everything else comes from the lock.
RUN apt-get update \
    && apt-get install -y --no-install-recommends \
        libpango-1.0-0 libpangoft2-1.0-0 libharfbuzz-subset0 fontconfig \
    && rm -rf /var/lib/apt/lists/*

ENV PYTHONUNBUFFERED=1 PYTHONDONTWRITEBYTECODE=1 PIP_NO_CACHE_DIR=1
WORKDIR /app

COPY requirements.lock .
RUN pip install --require-hashes -r requirements.lock

COPY . .
# The key is used for this one step and never kept.
RUN SECRET_KEY=collectstatic python manage.py collectstatic --noinput \
    && useradd --system --no-create-home kapcare

USER kapcare
EXPOSE 8000
CMD ["gunicorn", "kapcare.wsgi", "--bind", "0.0.0.0:8000", "--worker-class", "gthread", "--threads", "8"]
