#include "sync/server/web/pages.h"

namespace evertill::server::web {

std::string_view OpenApi() {
  return R"json({
  "openapi": "3.0.3",
  "info": {
    "title": "Evertill head office",
    "version": "1",
    "description": "Pull the log of everything that tills have sent. The tills' own interface is described in sync/wire/PROTOCOL.md."
  },
  "components": {
    "securitySchemes": {"token": {"type": "http", "scheme": "bearer", "description": "evertill-hq token create --role puller"}},
    "schemas": {
      "Error": {
        "type": "object", "required": ["error"],
        "properties": {"error": {"type": "object", "required": ["code", "message"],
          "properties": {"code": {"type": "string"}, "message": {"type": "string"}}}}
      },
      "LogRow": {
        "type": "object",
        "required": ["commit_seq", "epoch", "kind", "store", "till", "incarnation", "seq", "t_business", "hash", "body"],
        "properties": {
          "commit_seq": {"type": "integer", "description": "order of commit, without a gap"},
          "epoch": {"type": "string", "description": "changes when this head office is restored"},
          "event": {"type": "string", "format": "uuid", "nullable": true},
          "kind": {"type": "string", "example": "sale"},
          "receipt": {"type": "string", "nullable": true, "example": "L03-000123"},
          "store": {"type": "string"}, "till": {"type": "string"},
          "incarnation": {"type": "integer"}, "seq": {"type": "integer", "description": "place in the till's chain"},
          "t_business": {"type": "string", "format": "date-time"},
          "received": {"type": "string", "format": "date-time"},
          "member": {"type": "string", "format": "uuid", "nullable": true},
          "total": {"type": "string", "nullable": true, "example": "49.75"},
          "currency": {"type": "string", "nullable": true},
          "parked": {"type": "string", "nullable": true, "description": "why its points were not posted"},
          "hash": {"type": "string", "description": "SHA-256(hash of the event before ‖ body), hexadecimal"},
          "body": {"type": "object", "description": "the event's exact text"}
        }
      }
    }
  },
  "paths": {
    "/api/v1/log": {
      "get": {
        "summary": "Events in the order of their commit",
        "description": "A full page never changes; a short page only grows at its end. With filters, too.",
        "security": [{"token": []}],
        "parameters": [
          {"name": "after", "in": "query", "schema": {"type": "string"}, "description": "Next-Cursor of the page before; absent or empty starts at the beginning"},
          {"name": "limit", "in": "query", "schema": {"type": "integer", "minimum": 1, "maximum": 5000, "default": 500}},
          {"name": "format", "in": "query", "schema": {"type": "string", "enum": ["jsonl", "csv"], "default": "jsonl"}},
          {"name": "store", "in": "query", "schema": {"type": "string"}},
          {"name": "till", "in": "query", "schema": {"type": "string"}}
        ],
        "responses": {
          "200": {
            "description": "One row a line; fewer rows than asked for means that nothing more has come in yet",
            "headers": {"Next-Cursor": {"schema": {"type": "string"}}},
            "content": {"application/x-ndjson": {"schema": {"$ref": "#/components/schemas/LogRow"}}, "text/csv": {"schema": {"type": "string"}}}
          },
          "400": {"description": "A cursor, limit or format that is none, or a cursor of another epoch", "content": {"application/json": {"schema": {"$ref": "#/components/schemas/Error"}}}},
          "401": {"description": "No token, or not a known one", "content": {"application/json": {"schema": {"$ref": "#/components/schemas/Error"}}}},
          "403": {"description": "A till's token", "content": {"application/json": {"schema": {"$ref": "#/components/schemas/Error"}}}}
        }
      }
    },
    "/healthz": {"get": {"summary": "The process answers", "responses": {"200": {"description": "ok"}}}},
    "/readyz": {"get": {"summary": "The database answers", "responses": {"200": {"description": "ready"}, "503": {"description": "not ready"}}}},
    "/metrics": {"get": {"summary": "Counters in Prometheus' text format", "responses": {"200": {"description": "metrics"}}}},
    "/ca.pem": {"get": {"summary": "The certificate authority that tills pin", "responses": {"200": {"description": "PEM"}}}},
    "/openapi.json": {"get": {"summary": "This description", "responses": {"200": {"description": "OpenAPI 3"}}}},
    "/api/v1/till/enrol": {"post": {"summary": "A till uses its one-time code", "responses": {"200": {"description": "enrolled"}, "403": {"description": "code refused"}, "409": {"description": "till in use"}, "429": {"description": "too many tries"}}}},
    "/api/v1/till/events": {"post": {"summary": "A till uploads a batch of its journal", "security": [{"token": []}], "responses": {"200": {"description": "signed acknowledgement"}, "400": {"description": "malformed, chain broken or bad signature"}, "401": {"description": "unknown token"}, "409": {"description": "gap or other epoch, with an acknowledgement of what is kept"}, "413": {"description": "larger than 8 MiB"}}}},
    "/api/v1/till/hello": {"post": {"summary": "A till begins a round: where head office stands, and which rights it wants back", "security": [{"token": []}], "responses": {"200": {"description": "signed hello"}, "400": {"description": "malformed, or a list handed back that is not head office's"}, "401": {"description": "unknown token"}, "403": {"description": "another till's token"}}}},
    "/api/v1/till/rights": {"post": {"summary": "What a till may spend without asking: grants, permits, secrets", "security": [{"token": []}], "responses": {"200": {"description": "rights, each signed"}, "401": {"description": "unknown token"}, "403": {"description": "another till's token"}, "409": {"description": "other epoch"}}}},
    "/api/v1/till/reserve": {"post": {"summary": "May this sale spend these points?", "security": [{"token": []}], "responses": {"200": {"description": "signed answer, given or not"}, "401": {"description": "unknown token"}, "403": {"description": "another till's token"}, "409": {"description": "other epoch"}}}},
    "/api/v1/till/life": {"post": {"summary": "A new incarnation for a till that is behind or fenced; signed by the till's key", "responses": {"200": {"description": "signed new life, the same for the same request"}, "401": {"description": "not signed by a known till"}, "403": {"description": "till_fenced by an operator, or the request id was used for another till"}}}},
    "/api/v1/till/revocations": {"get": {"summary": "Lost cards and erased members, signed", "security": [{"token": []}], "responses": {"200": {"description": "the list"}, "401": {"description": "unknown token"}}}},
    "/api/v1/till/changes": {"get": {"summary": "Catalogue and members since a cursor", "security": [{"token": []}], "responses": {"200": {"description": "changes"}, "400": {"description": "bad cursor"}, "401": {"description": "unknown token"}}}}
  }
}
)json";
}

}  // namespace evertill::server::web
