/** What Redis does in one step: the scripts of the state store. */

import type { RedisScript } from "./redis_link.ts";

/** Helpers of several scripts. */
const COMMON = `
local LATCH = {"kill_latched", "kill_reason", "kill_at_ms", "kill_source",
  "kill_released_by", "kill_released_at_ms"}

local function is_hash(key)
  local kind = redis.call("TYPE", key).ok
  return kind == "hash" or kind == "none"
end

local function make_hash(key)
  if is_hash(key) then return false end
  redis.call("DEL", key)
  return true
end

local function latch_in(key)
  local found = redis.call("HMGET", key, unpack(LATCH))
  for i = 1, #LATCH do found[i] = found[i] or "" end
  return found
end

-- The time of a kill; one that cannot be read is 0.
local function time_of(text)
  return #text <= 15 and string.match(text, "^%d+$") and tonumber(text) or 0
end

-- The first kill stays, but one for the market's status gives way to any other; a release is of one
-- kill and leaves a later one alone; what is no ON and no OFF stays until one of the two happens.
local function changed_latch(was, change)
  local on = was[1] == "ON"
  if change.mode == "SET" and not (on and was[2] ~= "STATUS") then
    return {"ON", change.reason, change.at, change.source, "", ""}
  end
  if change.mode == "RELEASE" and not (on and time_of(was[3]) ~= time_of(change.of)) then
    return {"OFF", was[2], was[3], was[4], change.by, change.at}
  end
  if was[1] == "" then return {"OFF", "", "", "", "", ""} end
  return was
end

local function write_latch(key, latch)
  for i = 1, #LATCH do redis.call("HSET", key, LATCH[i], latch[i]) end
end
`;

/**
 * Writes everything of a market, or nothing. KEYS: lease, the own hashes (risk first), the shared
 * hashes, the set of trades. ARGV: token and plan. Answers the outcome (`OK`, `FENCED` or `LOST`),
 * the keys that were not as expected, and the latch that holds now.
 */
export const WRITE_MARKET: RedisScript = {
  name: "amm_write_market",
  lua: `${COMMON}
local token, plan = ARGV[1], cjson.decode(ARGV[2])
if token ~= "0" then
  local ok, lease = pcall(function() return cjson.decode(redis.call("GET", KEYS[1])) end)
  if not ok or type(lease) ~= "table" or tonumber(lease.token) ~= tonumber(token) then
    return {"FENCED", ""}
  end
end

local hashes, fields = plan.hashes, plan.fields
local function hash_key(i) return KEYS[1 + i] end
local function field_key(i) return KEYS[1 + #hashes + i] end

local lost = {}
for i, hash in ipairs(hashes) do
  local key = hash_key(i)
  if not is_hash(key) or redis.call("HLEN", key) < hash.least then lost[#lost + 1] = key end
end
for i, field in ipairs(fields) do
  local key = field_key(i)
  if not is_hash(key) or (field.known and redis.call("HEXISTS", key, field.name) == 0) then
    lost[#lost + 1] = key
  end
end
if #lost > 0 and not plan.full then return {"LOST", table.concat(lost, " ")} end
for _, key in ipairs(lost) do make_hash(key) end

local risk = hash_key(1)
local was = latch_in(risk)
local now = changed_latch(was, plan.latch)
for i, hash in ipairs(hashes) do
  local key = hash_key(i)
  if plan.full then redis.call("DEL", key) end
  if #hash.drop > 0 then redis.call("HDEL", key, unpack(hash.drop)) end
  if #hash.set > 0 then redis.call("HSET", key, unpack(hash.set)) end
end
if plan.full or table.concat(was, "|") ~= table.concat(now, "|") then write_latch(risk, now) end

for i, field in ipairs(fields) do
  local key = field_key(i)
  if field.value ~= "" then
    redis.call("HSET", key, field.name, field.value)
    if field.ttl_seconds > 0 then redis.call("EXPIRE", key, field.ttl_seconds) end
  end
end

local trades = plan.trades
if #trades.add > 0 then
  local key = KEYS[#KEYS]
  if redis.call("TYPE", key).ok ~= "zset" then redis.call("DEL", key) end
  redis.call("ZADD", key, unpack(trades.add))
  redis.call("ZREMRANGEBYSCORE", key, "-inf", trades.oldest)
  redis.call("ZREMRANGEBYRANK", key, 0, -trades.most - 1)
  redis.call("EXPIRE", key, trades.ttl_seconds)
end
return {"OK", table.concat(lost, " "), unpack(now)}
`,
};

/** Changes a latch. KEYS: its hash. ARGV: the change. Answers the latch that holds now. */
export const CHANGE_LATCH: RedisScript = {
  name: "amm_change_latch",
  lua: `${COMMON}
make_hash(KEYS[1])
local now = changed_latch(latch_in(KEYS[1]), cjson.decode(ARGV[1]))
write_latch(KEYS[1], now)
return now
`,
};

/**
 * Claims opening cash (rule X50). KEYS: the cash of all markets. ARGV: market, wanted and account
 * total in cents. Answers `OK` and what is free, or `UNREADABLE` and the field that cannot be
 * counted.
 */
export const CLAIM_CASH: RedisScript = {
  name: "amm_claim_cash",
  lua: `${COMMON}
if not is_hash(KEYS[1]) then return {"UNREADABLE", ""} end
local free = tonumber(ARGV[3])
local all = redis.call("HGETALL", KEYS[1])
for i = 1, #all, 2 do
  if all[i] ~= ARGV[1] then
    if not string.match(all[i + 1], "^-?%d+$") then return {"UNREADABLE", all[i]} end
    free = free - tonumber(all[i + 1])
  end
end
if free >= tonumber(ARGV[2]) then redis.call("HSET", KEYS[1], ARGV[1], ARGV[2]) end
return {"OK", string.format("%.0f", free)}
`,
};

/** Reads hashes. Answers, for each of KEYS, its type and its fields with their values. */
export const READ_HASHES: RedisScript = {
  name: "amm_read_hashes",
  lua: `
local found = {}
for i, key in ipairs(KEYS) do
  local kind = redis.call("TYPE", key).ok
  found[i] = {kind, kind == "hash" and redis.call("HGETALL", key) or {}}
end
return found
`,
};
