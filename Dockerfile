# The bot, the simulated exchange and all other commands in one image: Deno, the bundle, nothing
# else. Build it with the commit that --version shall show:
#
#   docker build --build-arg COMMIT="$(git rev-parse --short=12 HEAD)" --tag amm:0.1.0 .
#
# It runs as an ordinary user and writes nothing but a journal, if that is switched on and /journal is
# a volume. So run it with a read-only file system:
#
#   docker run --read-only --cap-drop ALL --publish 127.0.0.1:8001:8001 amm:0.1.0
#
# That trades on paper. For a real exchange mount a configuration and give the secrets:
#
#   docker run --read-only --cap-drop ALL --volume ./production.yaml:/etc/amm/production.yaml:ro \
#     --env AMM_PASSWORD --env AMM_REDIS_URL amm:0.1.0 start --config /etc/amm/production.yaml

FROM denoland/deno:bin-2.9.6 AS deno

FROM debian:12.11-slim AS build
COPY --from=deno /deno /usr/local/bin/deno
WORKDIR /build
# Packages first: they change seldom, so that this layer is kept.
COPY deno.json deno.lock ./
RUN deno install --frozen
COPY . .
ARG COMMIT=unknown
RUN deno task bundle --output /app --commit "commit $COMMIT"

FROM debian:12.11-slim
COPY --from=deno /deno /usr/local/bin/deno
COPY --from=build /app /app
# Inside a container the status pages must be reachable from outside of it.
ENV AMM_HEALTH_HOST=0.0.0.0 AMM_HEALTH_PORT=8001 DENO_DIR=/tmp/deno DENO_NO_UPDATE_CHECK=1
WORKDIR /
USER 65532:65532
EXPOSE 8001
HEALTHCHECK --interval=10s --timeout=5s --start-period=30s --retries=3 \
  CMD ["/usr/local/bin/deno", "run", "--no-prompt", "--no-config", "--no-npm", "--no-remote", "--allow-net=localhost:8001,127.0.0.1:8001", "--allow-env=AMM_HEALTH_HOST,AMM_HEALTH_PORT", "--ignore-env", "/app/main.js", "health"]
# The exec form: Deno is the first process, so that SIGTERM reaches the bot.
ENTRYPOINT ["/usr/local/bin/deno", "run", "--v8-flags=--max-semi-space-size=2,--heap-growing-percent=70", "--no-prompt", "--no-config", "--no-npm", "--no-remote", "--allow-net", "--allow-env=AMM_ENV,AMM_BASE_URL,AMM_REDIS_URL,AMM_USERNAME,AMM_PASSWORD,AMM_ADMIN_TOKEN,AMM_ALERT_SECRET,AMM_MARKETS,AMM_HEALTH_HOST,AMM_HEALTH_PORT,AMM_INSTANCE_ID,AMM_CONFIG_DIR", "--ignore-env", "--allow-read=config,/etc/amm,/app,journal", "--allow-write=journal", "--allow-sys=hostname", "/app/main.js"]
CMD ["start"]
