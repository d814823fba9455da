// A WebSocket server in few lines for the development double: text frames only.
import { createHash } from "node:crypto";

const GUID = "258EAFA5-E914-47DA-95CA-C5AB0DC85B11";

export function accept(request, socket, handlers) {
  const key = createHash("sha1")
    .update(request.headers["sec-websocket-key"] + GUID)
    .digest("base64");
  socket.write(
    `HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Accept: ${key}\r\n\r\n`,
  );
  let buffer = Buffer.alloc(0);
  socket.on("data", (chunk) => {
    buffer = Buffer.concat([buffer, chunk]);
    for (;;) {
      const frame = read(buffer);
      if (!frame) return;
      buffer = buffer.subarray(frame.size);
      if (frame.opcode === 8) return socket.end();
      if (frame.opcode === 1) handlers.message(frame.text);
    }
  });
  socket.on("close", handlers.close);
  socket.on("error", () => socket.destroy());
  return (text) => socket.writable && socket.write(write(Buffer.from(text)));
}

function read(buffer) {
  if (buffer.length < 6) return null;
  let length = buffer[1] & 127;
  let at = 2;
  if (length === 126) {
    length = buffer.readUInt16BE(2);
    at = 4;
  }
  if (buffer.length < at + 4 + length) return null;
  const mask = buffer.subarray(at, at + 4);
  const body = Buffer.from(buffer.subarray(at + 4, at + 4 + length));
  for (let i = 0; i < length; i++) body[i] ^= mask[i % 4];
  return { opcode: buffer[0] & 15, text: body.toString(), size: at + 4 + length };
}

function write(body) {
  if (body.length < 126) return Buffer.concat([Buffer.from([0x81, body.length]), body]);
  const head = Buffer.alloc(body.length < 65536 ? 4 : 10);
  head[0] = 0x81;
  head[1] = body.length < 65536 ? 126 : 127;
  if (body.length < 65536) head.writeUInt16BE(body.length, 2);
  else head.writeBigUInt64BE(BigInt(body.length), 2);
  return Buffer.concat([head, body]);
}
