// A small ActivityPub server on Fedify: one actor, everything in memory, steered over /control.
// All signing, verifying, key fetching and delivery is Fedify's own.
import { parseArgs } from "node:util";
import { serve } from "@hono/node-server";
import { Temporal } from "@js-temporal/polyfill";
import {
  createFederation,
  generateCryptoKeyPair,
  InProcessMessageQueue,
  MemoryKvStore,
  signRequest,
  verifyObject,
  verifyRequest,
} from "@fedify/fedify";
import * as vocab from "@fedify/vocab";
import { Hono } from "hono";

const { Accept, Announce, Create, Delete, Endpoints, Follow, Mention, Note, Reject } = vocab;
const { Hashtag, PUBLIC_COLLECTION, Tombstone, Undo, Update, isActor } = vocab;

const { values: args } = parseArgs({
  options: {
    port: { type: "string", default: "0" },
    name: { type: "string", default: "fay" },
    type: { type: "string", default: "Person" }, // or Group, Service: what announces for others
    bench: { type: "boolean", default: false }, // count what comes, keep nothing
    queue: { type: "boolean", default: false }, // also when benching, use the in-memory queue
  },
});
const name = args.name;
const me = { identifier: name };

const state = {
  count: 0, // of verified activities
  received: [], // every verified activity, as JSON-LD, oldest first
  followers: new Map(), // actor URI -> Recipient
  follows: new Map(), // actor URI -> id of the Follow it sent
  following: new Map(), // actor URI -> { follow, recipient }
  notes: new Map(), // note UUID -> { note, create, recipients, visibility }
  deleted: new Set(), // note UUID
};
const keys = [
  await generateCryptoKeyPair("RSASSA-PKCS1-v1_5"),
  await generateCryptoKeyPair("Ed25519"),
];

class Refused extends Error {}

/** Fragment-style URI for an activity that nobody dereferences. */
const activityUri = (ctx, kind) =>
  new URL(`#${kind}/${crypto.randomUUID()}`, ctx.getActorUri(name));

const asRecipient = (actor) => ({
  id: actor.id,
  inboxId: actor.inboxId,
  endpoints: actor.endpoints,
});

async function record(activity) {
  state.count += 1;
  if (!args.bench) state.received.push(await activity.toJsonLd());
}

// The effect comes before the record: who saw an activity in the record may count on its effect.
async function onFollow(ctx, follow) {
  const follower = await follow.getActor(ctx);
  const ours = follow.objectId?.href === ctx.getActorUri(name).href;
  const accepted = ours && isActor(follower) && follower.inboxId != null;
  if (accepted) state.followers.set(follower.id.href, asRecipient(follower));
  if (accepted) state.follows.set(follower.id.href, follow.id?.href);
  await record(follow);
  if (accepted) await acceptFollow(ctx, follow, follower);
}

async function acceptFollow(ctx, follow, follower) {
  const accept = new Accept({
    id: activityUri(ctx, "accept"),
    actor: ctx.getActorUri(name),
    to: follower.id,
    object: follow,
  });
  await ctx.sendActivity(me, follower, accept);
}

async function onUndo(ctx, undo) {
  const actor = undo.actorId?.href;
  if (await undoesFollow(ctx, undo, actor)) {
    state.followers.delete(actor);
    state.follows.delete(actor);
  }
  await record(undo);
}

async function undoesFollow(ctx, undo, actor) {
  if (!state.follows.has(actor)) return false;
  if (undo.objectId != null && undo.objectId.href === state.follows.get(actor)) return true;
  const { documentLoader, contextLoader } = ctx;
  const undone = await undo.getObject({ documentLoader, contextLoader, suppressError: true });
  return undone instanceof Follow && undone.actorId?.href === actor;
}

async function onReject(_ctx, reject) {
  state.following.delete(reject.actorId?.href);
  await record(reject);
}

function buildActor(ctx, keyPairs) {
  return new vocab[args.type]({
    id: ctx.getActorUri(name),
    preferredUsername: name,
    name,
    summary: "<p>A peer for tests.</p>",
    url: ctx.getActorUri(name),
    inbox: ctx.getInboxUri(name),
    outbox: ctx.getOutboxUri(name),
    followers: ctx.getFollowersUri(name),
    endpoints: new Endpoints({ sharedInbox: ctx.getInboxUri() }),
    discoverable: true,
    indexable: true,
    publicKey: keyPairs[0].cryptographicKey,
    assertionMethods: keyPairs.map((pair) => pair.multikey),
  });
}

function buildFederation(origin) {
  const federation = createFederation({
    kv: new MemoryKvStore(),
    queue: args.bench && !args.queue ? undefined : new InProcessMessageQueue(),
    origin,
    allowPrivateAddress: true, // the peers of a test live on loopback
  });
  federation
    .setActorDispatcher("/users/{identifier}", async (ctx, identifier) =>
      identifier === name ? buildActor(ctx, await ctx.getActorKeyPairs(name)) : null)
    .setKeyPairsDispatcher((_ctx, identifier) => (identifier === name ? keys : []));
  federation.setFollowersDispatcher("/users/{identifier}/followers", (_ctx, identifier) =>
    identifier === name ? { items: [...state.followers.values()] } : null);
  federation.setOutboxDispatcher("/users/{identifier}/outbox", (_ctx, identifier) => {
    if (identifier !== name) return null;
    const open = [...state.notes.values()].filter((entry) => entry.visibility !== "direct");
    return { items: open.map((entry) => entry.create).reverse() };
  });
  federation.setObjectDispatcher(Note, "/notes/{id}", (_ctx, { id }) =>
    state.notes.get(id)?.note ?? null);
  federation
    .setInboxListeners("/users/{identifier}/inbox", "/inbox")
    .setSharedKeyDispatcher(() => me)
    .on(Follow, onFollow)
    .on(Undo, onUndo)
    .on(Reject, onReject)
    .on(Accept, (_ctx, accept) => record(accept))
    .on(Create, (_ctx, create) => record(create))
    .on(Update, (_ctx, update) => record(update))
    .on(Delete, (_ctx, gone) => record(gone))
    .on(Announce, (_ctx, announce) => record(announce));
  return federation;
}

async function lookUp(ctx, uri) {
  const found = await ctx.lookupObject(uri, { documentLoader: await ctx.getDocumentLoader(me) });
  if (found == null) throw new Refused(`nothing found at ${uri}`);
  return found;
}

async function lookUpActor(ctx, uri) {
  const actor = await lookUp(ctx, uri);
  if (!isActor(actor)) throw new Refused(`${uri} is not an actor`);
  if (actor.inboxId == null) throw new Refused(`${uri} has no inbox`);
  return actor;
}

/** Who a note of this visibility is addressed to: [to, cc], as URLs. */
function audience(ctx, visibility, mentioned) {
  const followers = ctx.getFollowersUri(name);
  const named = mentioned == null ? [] : [mentioned.id];
  if (visibility === "public") return [[PUBLIC_COLLECTION], [followers, ...named]];
  if (visibility === "quiet") return [[followers], [PUBLIC_COLLECTION, ...named]];
  if (visibility === "direct") return [named, []];
  throw new Refused(`unknown visibility ${visibility}`);
}

/** The mentioned actor and, unless the note is direct, the followers; each once. */
function recipientsOf(visibility, mentioned) {
  const all = new Map(visibility === "direct" ? [] : state.followers);
  if (mentioned != null) all.set(mentioned.id.href, asRecipient(mentioned));
  return [...all.values()];
}

async function mentionTag(actor) {
  return new Mention({
    href: actor.id,
    name: `@${actor.preferredUsername}@${actor.id.host}`,
  });
}

async function postNote(ctx, { content, inReplyTo, mention, hashtags = [], visibility = "public" }) {
  const mentioned = mention == null ? null : await lookUpActor(ctx, mention);
  const [tos, ccs] = audience(ctx, visibility, mentioned);
  const id = crypto.randomUUID();
  const uri = ctx.getObjectUri(Note, { id });
  const shared = {
    tos,
    ccs,
    published: Temporal.Now.instant(),
  };
  const note = new Note({
    ...shared,
    id: uri,
    url: uri,
    attribution: ctx.getActorUri(name),
    content,
    replyTarget: inReplyTo == null ? null : new URL(inReplyTo),
    tags: [
      ...(mentioned == null ? [] : [await mentionTag(mentioned)]),
      ...hashtags.map((tag) => new Hashtag({ name: `#${tag}`, href: new URL(`/tags/${tag}`, uri) })),
    ],
  });
  const create = new Create({
    ...shared,
    id: new URL("#create", uri),
    actor: ctx.getActorUri(name),
    object: note,
  });
  const recipients = recipientsOf(visibility, mentioned);
  state.notes.set(id, { note, create, recipients, visibility });
  await ctx.sendActivity(me, recipients, create);
  return { id: uri.href };
}

async function deleteNote(ctx, { id: uri }) {
  const id = uri.slice(uri.lastIndexOf("/") + 1);
  const entry = state.notes.get(id);
  if (entry == null) throw new Refused(`no note ${uri}`);
  state.notes.delete(id);
  state.deleted.add(id);
  const gone = new Delete({
    id: new URL("#delete", uri),
    actor: ctx.getActorUri(name),
    tos: entry.note.toIds,
    ccs: entry.note.ccIds,
    object: new Tombstone({ id: new URL(uri) }),
  });
  await ctx.sendActivity(me, entry.recipients, gone);
  return {};
}

/** Hands a post on to the followers: by its id, or with the Create around it (FEP-1b12). */
async function announce(ctx, { id: uri, whole = false }) {
  const post = whole ? await lookUp(ctx, uri) : null;
  const create = whole
    ? new Create({ id: new URL("#create", uri), actor: post.attributionId, object: post })
    : null;
  const handed = new Announce({
    id: activityUri(ctx, "announce"),
    actor: ctx.getActorUri(name),
    tos: [PUBLIC_COLLECTION],
    ccs: [ctx.getFollowersUri(name)],
    object: create ?? new URL(uri),
  });
  await ctx.sendActivity(me, [...state.followers.values()], handed);
  return { id: handed.id.href };
}

async function followActor(ctx, { actor: uri }) {
  const actor = await lookUpActor(ctx, uri);
  const follow = new Follow({
    id: activityUri(ctx, "follow"),
    actor: ctx.getActorUri(name),
    to: actor.id,
    object: actor.id,
  });
  state.following.set(actor.id.href, { follow, recipient: asRecipient(actor) });
  await ctx.sendActivity(me, actor, follow);
  return { id: follow.id.href };
}

async function unfollowActor(ctx, { actor: uri }) {
  const entry = state.following.get(uri);
  if (entry == null) throw new Refused(`not following ${uri}`);
  state.following.delete(uri);
  const undo = new Undo({
    id: activityUri(ctx, "undo"),
    actor: ctx.getActorUri(name),
    to: entry.recipient.id,
    object: entry.follow,
  });
  await ctx.sendActivity(me, entry.recipient, undo);
  return { id: undo.id.href };
}

/** Sends one Create to many inboxes: by the queue, or directly, side by side. */
async function fanOut(ctx, { inboxes, atOnce, direct }) {
  const id = new URL(`/notes/${crypto.randomUUID()}`, ctx.getActorUri(name));
  const attribution = ctx.getActorUri(name);
  const note = new Note({ id, attribution, content: "<p>Measured.</p>", to: PUBLIC_COLLECTION });
  const create = new Create({ id: new URL("#create", id), actor: attribution, object: note });
  const rest = inboxes.map((inbox) => ({ id: new URL("#me", inbox), inboxId: new URL(inbox) }));
  const options = { preferSharedInbox: false, immediate: direct };
  let taken = 0;
  // Each call signs the activity once and delivers it to all of its recipients side by side.
  while (rest.length > 0) {
    const some = rest.splice(0, atOnce);
    await ctx.sendActivity(me, some, create, options);
    taken += some.length;
  }
  return { taken };
}

/** The headers with which Fedify signs a request in one of its two schemes. */
async function signed(ctx, { method, url, body, spec }) {
  const request = new Request(url, { method, body, headers: { "Content-Type": "text/plain" } });
  const keyId = new URL("#main-key", ctx.getActorUri(name));
  const answer = await signRequest(request, keys[0].privateKey, keyId, { spec });
  return { headers: Object.fromEntries(answer.headers), keyId: keyId.href };
}

/** Whose key Fedify finds that a request is signed with. */
async function verifiedRequest(ctx, { method, url, body, headers }) {
  const request = new Request(url, { method, body, headers });
  const { documentLoader, contextLoader } = ctx;
  const key = await verifyRequest(request, { documentLoader, contextLoader });
  return { keyId: key?.id?.href ?? null, owner: key?.ownerId?.href ?? null };
}

/** Whether Fedify finds the proofs of an activity right. */
async function verifiedProof(ctx, document) {
  const { documentLoader, contextLoader } = ctx;
  const found = await verifyObject(vocab.Activity, document, { documentLoader, contextLoader });
  return { verified: found != null };
}

function buildApp(federation, origin) {
  const app = new Hono();
  const context = () => federation.createContext(new URL(origin), undefined);
  const command = (path, run) =>
    app.post(path, async (c) => c.json(await run(context(), await c.req.json())));
  command("/control/note", postNote);
  command("/control/announce", announce);
  command("/control/fan-out", fanOut);
  command("/control/sign", signed);
  command("/control/verify", verifiedRequest);
  command("/control/proof", verifiedProof);
  command("/control/delete", deleteNote);
  command("/control/follow", followActor);
  command("/control/unfollow", unfollowActor);
  app.get("/control/count", (c) => c.json({ count: state.count }));
  app.get("/control/received", (c) => c.json(state.received));
  app.get("/control/followers", (c) => c.json([...state.followers.keys()]));
  app.get("/control/fetch", async (c) =>
    c.json(await (await lookUp(context(), c.req.query("uri"))).toJsonLd()));
  app.get("/control/webfinger", async (c) =>
    c.json(await context().lookupWebFinger(new URL(c.req.query("uri")))));
  app.get("/notes/:id", async (c, next) =>
    // This version of Fedify answers 404 for a deleted object; servers in use answer 410.
    state.deleted.has(c.req.param("id")) ? c.body(null, 410) : await next());
  app.all("*", (c) => federation.fetch(c.req.raw, { contextData: undefined }));
  app.onError((error, c) => {
    if (!(error instanceof Refused)) console.error(error);
    return c.json({ error: String(error.message) }, error instanceof Refused ? 422 : 500);
  });
  return app;
}

// The origin holds the port, so the socket comes first and the app a moment later.
let app;
const server = serve(
  { fetch: (request) => app.fetch(request), hostname: "127.0.0.1", port: Number(args.port) },
  ({ port }) => {
    const origin = `http://localhost:${port}`;
    const federation = buildFederation(origin);
    app = buildApp(federation, origin);
    const actor = federation.createContext(new URL(origin), undefined).getActorUri(name).href;
    console.log(JSON.stringify({ origin, actor }));
  },
);

process.on("SIGTERM", () => {
  server.close();
  process.exit(0);
});
