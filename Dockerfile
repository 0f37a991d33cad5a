# syntax=docker/dockerfile:1

# The version that package.json pins; test/config/packaging.test.ts holds the two together.
ARG NODE_VERSION=26.10.0

FROM node:${NODE_VERSION}-trixie-slim AS build
WORKDIR /app
COPY package.json package-lock.json .npmrc ./
RUN npm ci
COPY build build
COPY src src
RUN node build/web.ts

FROM node:${NODE_VERSION}-trixie-slim AS packages
WORKDIR /app
COPY package.json package-lock.json .npmrc ./
# The image brings the runtime, so the platform packages stay out.
RUN npm ci --omit=dev --omit=optional

FROM node:${NODE_VERSION}-trixie-slim
ENV NODE_ENV=production \
    SALLYPORT_LISTEN_HOST=0.0.0.0 \
    SALLYPORT_DATA_DIR=/data
WORKDIR /app
COPY --from=packages /app/node_modules node_modules
COPY --from=build /app/dist dist
COPY package.json LICENSE ./
COPY bin bin
COPY src src
# Fills the compile cache, which nothing can write to later.
RUN node bin/sallyport.mjs --help > /dev/null
# The only place that is written to, so that the root file system may be read-only.
RUN install -d -o node -g node -m 0700 /data
USER node
VOLUME /data
EXPOSE 8080
STOPSIGNAL SIGTERM
HEALTHCHECK --interval=15s --timeout=5s --start-period=10s \
  CMD ["node", "-e", "fetch(`http://127.0.0.1:${process.env.SALLYPORT_MANAGEMENT_PORT || 9464}/healthz`).then((answer) => process.exit(answer.ok ? 0 : 1), () => process.exit(1))"]
ENTRYPOINT ["node", "bin/sallyport.mjs"]
CMD ["serve"]
