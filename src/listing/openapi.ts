import { propertiesSchema, serversSchema, statusSchema } from './schema.ts';

const REFUSED = {
  headers: { 'Listing-Error': { description: 'What is wrong, in a sentence.', schema: { type: 'string' } } },
};
const LATER = {
  headers: {
    ...REFUSED.headers,
    'Retry-After': { description: 'When to ask again, in seconds.', schema: { type: 'integer' } },
  },
};
const id = {
  name: 'id',
  in: 'path',
  required: true,
  description: 'The integer with which the server answers pings.',
  schema: { type: 'integer', minimum: 0, maximum: Number.MAX_SAFE_INTEGER },
};
const body = (required: boolean) => ({ required, content: { 'application/json': { schema: propertiesSchema } } });
const json = (description: string, schema: object) => ({ description, content: { 'application/json': { schema } } });
const limits = {
  429: { description: 'Too many requests, or pings of this address.', ...LATER },
  503: { description: 'The list is full, or cannot be stored now.', ...REFUSED },
};
const tooLarge = { 413: { description: 'The body has more than 4 KiB.', ...REFUSED } };
const own = [{ key: [] }];

/** The OpenAPI document of the service, made of the schemas that check what comes. */
export function openApi(): object {
  return {
    openapi: '3.1.0',
    info: { title: 'C2 listing', version: '1', description: 'A directory of chat servers, as c2.txt describes it.' },
    paths: {
      '/servers': { get: { summary: 'All visible servers.', responses: { 200: json('The servers.', serversSchema) } } },
      '/servers/{id}': {
        parameters: [id],
        post: {
          summary: 'Lists a server that answers a ping with this id, or writes its entry anew.',
          security: [{}, ...own],
          requestBody: body(false),
          responses: {
            201: { description: 'The key of the entry.', content: { 'text/plain': { schema: { type: 'string' } } } },
            400: { description: 'No valid answer to a ping, wrong properties, or an id with another key.', ...REFUSED },
            ...tooLarge,
            ...limits,
          },
        },
        put: {
          summary: 'Changes the properties that the body names.',
          security: own,
          requestBody: body(true),
          responses: {
            200: { description: 'Changed.' },
            400: { description: 'Wrong properties, or no valid answer to a ping at a new address.', ...REFUSED },
            401: { description: 'Not the key of a listed server.', ...REFUSED },
            ...tooLarge,
            ...limits,
          },
        },
        delete: {
          summary: 'Removes an entry.',
          security: own,
          responses: {
            200: { description: 'Removed.' },
            400: { description: 'The server is not listed.', ...REFUSED },
            401: { description: 'Not its key.', ...REFUSED },
            ...limits,
          },
        },
        get: {
          summary: 'The own entry, and whether its pings are answered. An extension of the document.',
          security: own,
          responses: {
            200: json('The entry.', statusSchema),
            401: { description: 'Not the key of a listed server.', ...REFUSED },
            429: limits[429],
          },
        },
      },
    },
    components: {
      securitySchemes: {
        key: {
          type: 'apiKey',
          in: 'header',
          name: 'Authorization',
          description: '`C2Listing KEY`, as `POST` gave it.',
        },
      },
    },
  };
}
