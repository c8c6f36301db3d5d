// One data query through the package sdmx-json-parser: prints what it makes of the message, as JSON.
//
// node sdmx-json-parser.mjs URL
import { createRequire } from "node:module";

const { SDMXParser } = createRequire(import.meta.url)("sdmx-json-parser");
const parser = new SDMXParser();
await parser.getDatasets(process.argv[2]);
process.stdout.write(
  JSON.stringify({
    name: parser.getName(),
    dimensions: parser.getDimensions().map((dimension) => dimension.id),
    attributes: parser.getAttributes().map((attribute) => attribute.id),
    data: parser.getData(),
  }),
);
