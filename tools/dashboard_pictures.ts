/**
 * Takes the pictures of the dashboard that the README shows, from a seeded paper run:
 * `deno run -A tools/dashboard_pictures.ts`. Needs Chromium.
 */
