import { z } from "zod";
import { type AuditRecord, auditText, parseAuditRecord } from "../config/hot/audit_record.ts";
import {
  type AuditPage,
  MAX_AUDIT_RECORDS,
  MAX_CHARACTERS,
  MAX_FIELDS,
  META_FIELDS,
  type OverrideStore,
  type OverrideWrite,
  type StoredHash,
  type StoredTarget,
  type WriteResult,
} from "../config/hot/override_store.ts";
import type { RedisCommand, RedisLink, RedisScript } from "./redis_link.ts";
import { StoreError } from "./store_error.ts";

/**
 * Overrides in Redis (`parameters.md` 2.2), where operators may also edit them by hand:
 * `amm:config:{target}`, and beside it `:temp`, `:snapshot` and `:audit`.
 */
export class RedisConfig implements OverrideStore {
  readonly #link: RedisLink;

  /** @param link stays the caller's to open and close */
  constructor(link: RedisLink) {
    this.#link = link;
  }

  async read(targets: readonly string[]): Promise<ReadonlyMap<string, StoredTarget>> {
    const keys = targets.flatMap((target) => {
      const { lasting, temporary, snapshot } = keysOf(target);
      return [lasting, temporary, snapshot];
    });
    const replies = replyOf(READ_REPLY, await this.#link.run(READ, keys, []), "read overrides");
    return new Map(targets.map((target, index) => {
      const [lasting = "is missing", temporary = "is missing", lifeMs = -1, snapshots = 0] =
        replies[index] ?? [];
      return [target, {
        lasting: storedHash(lasting),
        temporary: storedHash(temporary),
        temporaryLifeMs: lifeMs < 0 ? null : lifeMs,
        hasSnapshot: snapshots > 0,
      }];
    }));
  }

  async write(change: OverrideWrite): Promise<WriteResult> {
    const { lasting, temporary, audit } = keysOf(change.target);
    const { set, remove, lifeMs, expectedVersion } = change;
    const plan = {
      set: Object.entries(set).flat(),
      remove,
      expectedVersion,
      lifeMs: lifeMs ?? 0,
      about: [
        ...[META_FIELDS.updatedAt, change.updatedAt],
        ...[META_FIELDS.updatedBy, change.updatedBy],
        ...[META_FIELDS.reason, change.reason],
      ],
    };
    const reply = await this.#link.run(
      WRITE,
      [lasting, change.temporary ? temporary : lasting, audit],
      [JSON.stringify(plan), auditText(change.record)],
    );
    const [written, currentVersion] = replyOf(WRITE_REPLY, reply, `write ${lasting}`);
    return written === 1 ? { written: true } : { written: false, currentVersion };
  }

  async publish(
    target: string,
    records: readonly AuditRecord[],
    snapshot: string | null,
  ): Promise<void> {
    const keys = keysOf(target);
    const commands: RedisCommand[] = [];
    if (records.length > 0) {
      commands.push(["LPUSH", keys.audit, ...records.map(auditText)]);
      commands.push(["LTRIM", keys.audit, 0, MAX_AUDIT_RECORDS - 1]);
    }
    if (snapshot !== null) commands.push(["SET", keys.snapshot, snapshot]);
    await this.#link.send(`write ${keys.audit}`, commands);
  }

  async audit(target: string, offset: number, limit: number): Promise<AuditPage> {
    const { audit } = keysOf(target);
    const replies = await this.#link.send(`read ${audit}`, [
      ["LRANGE", audit, offset, offset + limit - 1],
      ["LLEN", audit],
    ]);
    const [texts, total] = replyOf(AUDIT_REPLY, replies, `read ${audit}`);
    const records = texts.flatMap((text) => parseAuditRecord(text) ?? []);
    return { records, total, unreadable: texts.length - records.length };
  }
}

function keysOf(target: string) {
  const lasting = `amm:config:${target}`;
  return {
    lasting,
    temporary: `${lasting}:temp`,
    snapshot: `${lasting}:snapshot`,
    audit: `${lasting}:audit`,
  };
}

function storedHash(reply: string | readonly string[]): StoredHash {
  if (typeof reply === "string") return { readable: false, problem: reply };
  const names = reply.filter((_, index) => index % 2 === 0);
  const fields = names.map((name, index) => [name, reply[2 * index + 1] ?? ""] as const);
  return { readable: true, fields: Object.fromEntries(fields) };
}

/** A hash is its names and values in turn, or why it cannot be read. */
const HASH_REPLY = z.union([z.string(), z.array(z.string())]);
const READ_REPLY = z.array(z.tuple([HASH_REPLY, HASH_REPLY, z.number(), z.number()]));
const WRITE_REPLY = z.tuple([z.number(), z.number()]);
const AUDIT_REPLY = z.tuple([z.array(z.string()), z.number()]);

function replyOf<T>(schema: z.ZodType<T>, reply: unknown, action: string): T {
  const parsed = schema.safeParse(reply);
  if (parsed.success) return parsed.data;
  throw new StoreError("refused", action, "the reply has another form than expected");
}

/** For each target: both hashes, the life of the temporary one, and whether a snapshot exists. */
const READ: RedisScript = {
  name: "ammReadConfig",
  lua: `
    local function hash(key)
      local kind = redis.call('TYPE', key).ok
      if kind ~= 'hash' and kind ~= 'none' then return 'is a ' .. kind .. ', not a hash' end
      local count = redis.call('HLEN', key)
      if count > ${MAX_FIELDS} then return 'has ' .. count .. ' fields, more than ${MAX_FIELDS}' end
      local fields = redis.call('HGETALL', key)
      local size = 0
      for _, text in ipairs(fields) do size = size + #text end
      if size > ${MAX_CHARACTERS} then return 'is larger than ${MAX_CHARACTERS} characters' end
      return fields
    end
    local result = {}
    for index = 1, #KEYS, 3 do
      result[#result + 1] = {
        hash(KEYS[index]),
        hash(KEYS[index + 1]),
        redis.call('PTTL', KEYS[index + 1]),
        redis.call('EXISTS', KEYS[index + 2])
      }
    end
    return result`,
};

/**
 * Checks the version, then changes KEYS[2], notes the write in the lasting hash KEYS[1], and adds
 * the audit record to KEYS[3]. Types are looked at first, because a script that fails half way is
 * not undone. Temporary overrides without any setting, or without an end, are deleted.
 */
const WRITE: RedisScript = {
  name: "ammWriteConfig",
  lua: `
    for index, wanted in ipairs({'hash', 'hash', 'list'}) do
      local kind = redis.call('TYPE', KEYS[index]).ok
      if kind ~= 'none' and kind ~= wanted then
        return redis.error_reply('WRONGTYPE ' .. KEYS[index] .. ' is a ' .. kind ..
          ', not a ' .. wanted .. ': repair or delete it')
      end
    end
    local plan = cjson.decode(ARGV[1])
    local text = redis.call('HGET', KEYS[1], '${META_FIELDS.version}') or ''
    local current = string.match(text, '^%d+$') and #text <= 15 and tonumber(text) or 0
    if current ~= plan.expectedVersion then return {0, current} end
    for _, name in ipairs(plan.remove) do redis.call('HDEL', KEYS[2], name) end
    for index = 1, #plan.set, 2 do
      redis.call('HSET', KEYS[2], plan.set[index], plan.set[index + 1])
    end
    local version = string.format('%.0f', current + 1)
    local function note(key)
      redis.call('HSET', key, '${META_FIELDS.version}', version, unpack(plan.about))
    end
    if KEYS[2] ~= KEYS[1] then
      local fields = redis.call('HLEN', KEYS[2])
      for _, name in ipairs({'${Object.values(META_FIELDS).join("', '")}'}) do
        fields = fields - redis.call('HEXISTS', KEYS[2], name)
      end
      if plan.lifeMs > 0 then redis.call('PEXPIRE', KEYS[2], plan.lifeMs) end
      if fields == 0 or redis.call('PTTL', KEYS[2]) < 0 then
        redis.call('DEL', KEYS[2])
      else
        note(KEYS[2])
      end
    end
    note(KEYS[1])
    redis.call('LPUSH', KEYS[3], ARGV[2])
    redis.call('LTRIM', KEYS[3], 0, ${MAX_AUDIT_RECORDS - 1})
    return {1, current + 1}`,
};
