# Two images: `docker build --target lambda` is the incident function on AWS Lambda, `docker build --target serve`
# is `opsagent serve` on ECS or anywhere else. docs/deploying.md has the whole way for both.

FROM public.ecr.aws/docker/library/node:24-slim AS build
WORKDIR /build
COPY package.json package-lock.json ./
RUN npm ci --include=dev --omit=optional --ignore-scripts --no-audit --no-fund
COPY scripts/ scripts/
COPY packages/ packages/
COPY src/ src/
RUN node scripts/build.ts

FROM public.ecr.aws/docker/library/node:24-slim AS modules
WORKDIR /modules
COPY package.json package-lock.json ./
RUN npm ci --omit=dev --omit=optional --ignore-scripts --no-audit --no-fund
# What the images hold of others, as CycloneDX: every package with its version, licence and hash.
COPY scripts/sbom.ts scripts/
RUN node scripts/sbom.ts > sbom.cdx.json

# Lambda runs every image as a user of its own without rights, whatever USER says.
FROM public.ecr.aws/lambda/nodejs:24 AS lambda
ARG POLICY=policy.yaml
WORKDIR /var/task
COPY --from=build /build/dist/ ./
COPY --from=modules /modules/sbom.cdx.json ./
COPY ${POLICY} policy.yaml
ENV OPSAGENT_POLICY=/var/task/policy.yaml
CMD ["lambda.handler"]

FROM public.ecr.aws/docker/library/node:24-slim AS serve
ENV NODE_ENV=production
WORKDIR /app
COPY --from=modules /modules/node_modules/ node_modules/
COPY --from=modules /modules/sbom.cdx.json ./
COPY package.json ./
COPY packages/ packages/
COPY src/ src/
# Running incidents are kept here: give it a volume that outlives the task.
RUN mkdir .opsagent && chown node:node .opsagent
USER node
EXPOSE 8585
HEALTHCHECK --interval=30s --timeout=5s --start-period=15s CMD ["node", "-e", "fetch('http://127.0.0.1:8585/health').then((answer) => process.exit(answer.ok ? 0 : 1), () => process.exit(1))"]
ENTRYPOINT ["node", "src/interfaces/cli/main.ts"]
CMD ["serve", "--host", "0.0.0.0", "--port", "8585"]
