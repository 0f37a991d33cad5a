import { once } from 'node:events';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';

/** An SMS as Twilio's API was asked to send it. */
export type TakenSms = { readonly To: string; readonly Body: string; readonly [field: string]: string };

type Answer = (response: ServerResponse, request: IncomingMessage) => void;

export type TwilioServer = {
  /** For `delivery.twilioUrl`. */
  readonly url: string;
  readonly accountSid: string;
  readonly authToken: string;
  /** Every SMS that was taken, in order. */
  readonly taken: TakenSms[];
  /** Every request, taken or not. */
  readonly requests: { readonly path: string; readonly form: TakenSms }[];
  /** Resolves with the next request, before it is answered. */
  next(): Promise<TakenSms>;
  /** Answers every request so until it is changed again; without an argument as Twilio answers. */
  answer(answer?: Answer): void;
  /** An answer of the API: its HTTP status, error code and sentence. */
  fail(status: number, code: number, message: string): void;
  close(): Promise<void>;
};

const json = (response: ServerResponse, status: number, body: object): void => {
  response.writeHead(status, { 'Content-Type': 'application/json' }).end(JSON.stringify(body));
};

/** Twilio's Messages API as far as it is used, over a real socket (https://www.twilio.com/docs/messaging/api). */
export async function startTwilioServer(): Promise<TwilioServer> {
  const accountSid = `AC${'a1'.repeat(16)}`;
  const authToken = 'd41d8cd98f00b204e9800998ecf8427e';
  const requests: TwilioServer['requests'] = [];
  const taken: TakenSms[] = [];
  const waiting: ((sms: TakenSms) => void)[] = [];
  let scripted: Answer | undefined;

  const server = createServer(async (request, response) => {
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk);
    const form = Object.fromEntries(new URLSearchParams(Buffer.concat(chunks).toString('utf8'))) as TakenSms;
    requests.push({ path: `${request.method} ${request.url}`, form });
    for (const resolve of waiting.splice(0)) resolve(form);
    if (scripted !== undefined) return scripted(response, request);
    const expected = `Basic ${Buffer.from(`${accountSid}:${authToken}`).toString('base64')}`;
    if (request.headers.authorization !== expected) {
      return json(response, 401, apiError(401, 20003, 'Authenticate'));
    }
    if (request.url !== `/2010-04-01/Accounts/${accountSid}/Messages.json`) {
      return json(response, 404, apiError(404, 20404, 'The requested resource was not found'));
    }
    taken.push(form);
    const sid = `SM${taken.length.toString(16).padStart(32, '0')}`;
    json(response, 201, { sid, status: 'queued', to: form.To, body: form.Body, error_code: null });
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  const port = typeof address === 'object' && address !== null ? address.port : 0;

  return {
    url: `http://127.0.0.1:${port}`,
    accountSid,
    authToken,
    requests,
    taken,
    next: () => new Promise((resolve) => waiting.push(resolve)),
    answer(answer) {
      scripted = answer;
    },
    fail(status, code, message) {
      scripted = (response) => json(response, status, apiError(status, code, message));
    },
    async close() {
      const closed = once(server, 'close');
      server.close();
      server.closeAllConnections();
      await closed;
    },
  };
}

const apiError = (status: number, code: number, message: string) => ({
  code,
  message,
  more_info: `https://www.twilio.com/docs/errors/${code}`,
  status,
});
