// Fastify as a gateway: a key check against a table in memory, the rate limit in Redis, and a proxy to the service.
// PORT, UPSTREAM, REDIS_HOST, REDIS_PORT, REDIS_PASSWORD and KEYS (a JSON file: key to tenant) come from the harness.
import { readFileSync } from 'node:fs'
import Fastify from 'fastify'
import proxy from '@fastify/http-proxy'
import rateLimit from '@fastify/rate-limit'
import Redis from 'ioredis'

const keys = new Map(Object.entries(JSON.parse(readFileSync(process.env.KEYS, 'utf8'))))
const redis = new Redis({
  host: process.env.REDIS_HOST,
  port: Number(process.env.REDIS_PORT),
  password: process.env.REDIS_PASSWORD || undefined,
  enableAutoPipelining: true
})
const app = Fastify({ logger: false })

app.addHook('onRequest', async (request, reply) => {
  const tenant = keys.get(request.headers['x-api-key'])
  if (tenant === undefined) {
    return reply.code(401).type('application/problem+json').send({ status: 401, code: 'key_unknown' })
  }
  request.tenant = tenant
})
await app.register(rateLimit, {
  max: 1_000_000_000,
  timeWindow: '1 day',
  redis,
  keyGenerator: (request) => request.tenant ?? 'nobody'
})
await app.register(proxy, { upstream: process.env.UPSTREAM, prefix: '/', undici: { connections: 256, pipelining: 1 } })
await app.listen({ port: Number(process.env.PORT), host: '127.0.0.1' })
