/**
 * The steps of the leases as Redis carries them out, each as a whole and by the time of Redis. What
 * stands in a key and is not ours, of whatever type, is treated as somebody else's: it never makes
 * a step fail.
 */

import type { RedisScript } from "./redis_link.ts";

/** `now`, the time of Redis in ms, and the readers of keys. */
const COMMON = `
local time = redis.call('TIME')
local now = time[1] * 1000 + math.floor(time[2] / 1000)
local function text(key)
  local reply = redis.pcall('GET', key)
  if type(reply) == 'table' then return '?' end
  return reply
end
local function whole(raw)
  if raw and #raw <= 15 and string.match(raw, '^%d+$') then return tonumber(raw) end
  return nil
end
local function lease_of(raw)
  if not raw then return nil end
  local read, lease = pcall(cjson.decode, raw)
  if read and type(lease) == 'table' then return lease end
  return {}
end
local function members(key, since)
  local reply = redis.pcall('ZRANGEBYSCORE', key, since, '+inf')
  if reply.err then return nil end
  return reply
end
local function excluded(live, self, id, all)
  local by = {}
  for _, member in ipairs(live) do
    local same = string.sub(member, 1, #id + 1) == id .. ':'
    local both_all = all and string.sub(member, -4) == ':all'
    if member ~= self and (same or both_all) then table.insert(by, member) end
  end
  return by
end
`;

/**
 * Keys: the list of processes, then the lease of each shared market. Arguments: own member, id,
 * nonce, 1 if it works all markets, ttl, then for each market the token it is held under or empty.
 * Answers `excluded` with members, or `alive` with the members (false if they cannot be read) and
 * the leases.
 */
export const BEAT: RedisScript = {
  name: "amm_lease_beat",
  lua: `${COMMON}
local list, self, id, nonce, all, ttl = KEYS[1], ARGV[1], ARGV[2], ARGV[3], ARGV[4] == '1', ARGV[5]
local live = members(list, now - ttl)
if live then
  local by = excluded(live, self, id, all)
  if #by > 0 then return {'excluded', by} end
  redis.call('ZADD', list, now, self)
  redis.call('ZREMRANGEBYSCORE', list, '-inf', now - 10 * ttl)
  live = members(list, now - ttl)
end
local leases = {}
for i = 2, #KEYS do
  local raw, token = text(KEYS[i]), ARGV[i + 4]
  local lease = lease_of(raw)
  if token ~= '' and lease and lease.nonce == nonce and lease.token == tonumber(token) then
    redis.call('PEXPIRE', KEYS[i], ttl)
  end
  leases[i - 1] = raw
end
return {'alive', live or false, leases}
`,
};

/**
 * Keys: epoch, list of processes, lease, last token. Arguments: id, nonce, ttl. Answers the token
 * as text, BUSY or WAIT.
 */
export const ACQUIRE: RedisScript = {
  name: "amm_lease_acquire",
  lua: `${COMMON}
local epoch, list, key, counter = KEYS[1], KEYS[2], KEYS[3], KEYS[4]
local id, nonce, ttl = ARGV[1], ARGV[2], tonumber(ARGV[3])
local since = whole(text(epoch))
if not since or since > now then
  redis.call('SET', epoch, string.format('%.0f', now))
  return 'WAIT'
end
if now - since < ttl then return 'WAIT' end
for _, member in ipairs(members(list, now - ttl) or {}) do
  if string.sub(member, -4) == ':all' then return 'WAIT' end
end
if redis.call('EXISTS', key) == 1 then return 'BUSY' end
local token = math.max((whole(text(counter)) or 0) + 1, now)
local shown = string.format('%.0f', token)
redis.call('SET', counter, shown)
redis.call('SET', key, string.format(
  '{"instance_id":"%s","nonce":"%s","token":%s,"acquired_at_ms":%.0f}', id, nonce, shown, now
), 'PX', ttl)
return shown
`,
};

/** Keys: lease. Arguments: nonce, token or empty for any. Answers how many leases were deleted. */
export const RELEASE: RedisScript = {
  name: "amm_lease_release",
  lua: `${COMMON}
local lease = lease_of(text(KEYS[1]))
if not lease or lease.nonce ~= ARGV[1] then return 0 end
if ARGV[2] ~= '' and lease.token ~= tonumber(ARGV[2]) then return 0 end
return redis.call('DEL', KEYS[1])
`,
};
