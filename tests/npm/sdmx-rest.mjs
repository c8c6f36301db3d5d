// One query through the package sdmx-rest: prints what was asked for and what came back, as JSON.
//
// node sdmx-rest.mjs BASE '{"api": "v1.5.0", "kind": "DataQuery", "query": {...}, "accept": "..."}'
import rest from "sdmx-rest";

const [base, text] = process.argv.slice(2);
const { api, kind, query, accept } = JSON.parse(text);
const service = rest.getService({ id: "SCI", url: base, api });
const checked = rest[`get${kind}`](query);
const url = rest.getUrl(checked, service);
const response = await rest.request2(checked, service, accept ? { headers: { accept } } : {});
rest.checkStatus(checked, response);
const type = response.headers.get("content-type");
process.stdout.write(JSON.stringify({ url, status: response.status, type, body: await response.text() }));
