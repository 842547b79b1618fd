// A real provider of OpenID Connect (oidc-provider) on a port of its own: the staff directory and the national identity of journeys.
import { type IncomingMessage, type ServerResponse, createServer } from "node:http";
import type { AddressInfo } from "node:net";

import { Provider } from "oidc-provider";

/** What the portal is called there, and its secret. */
export const CLIENT = { staff: "nghedan-can-bo", citizens: "nghedan-cong-dan" } as const;
export const SECRET = "mot bi mat dai cua cong nghe dan";
/** The level of assurance it tells of everybody. */
export const LEVEL = "muc-2";

/** Somebody the provider knows. */
export type Known = { name: string; email?: string; id_number?: string };

export class Idp {
  private readonly server = createServer((request, response) => this.answer(request, response));
  private handle: ((request: IncomingMessage, response: ServerResponse) => void) | undefined;
  private provider: any;
  private port = 0;

  private constructor(private readonly people: Record<string, Known>) {}

  /** Begins to listen; what it is called is known before anybody asks. */
  static async start(people: Record<string, Known>): Promise<Idp> {
    const idp = new Idp(people);
    await idp.listen();
    return idp;
  }

  get issuer(): string {
    return `http://127.0.0.1:${this.port}`;
  }

  /** Makes the portal its client. */
  serve(portal: string): void {
    const client = (client_id: string, back: string) => ({ client_id, client_secret: SECRET, redirect_uris: [`${portal}${back}`] });
    this.provider = new Provider(this.issuer, {
      clients: [client(CLIENT.staff, "/dang-nhap/danh-ba/ve"), client(CLIENT.citizens, "/toi/dinh-danh/ve")],
      claims: { openid: ["sub"], profile: ["name", "id_number"], email: ["email", "email_verified"], acr: null },
      acrValues: [LEVEL],
      features: { devInteractions: { enabled: false } },
      interactions: { url: (_context: unknown, interaction: { uid: string }) => `/nguoi/${interaction.uid}` },
      cookies: { keys: ["mot khoa cho banh"] },
      findAccount: (_context: unknown, sub: string) => ({
        accountId: sub,
        claims: () => ({ sub, ...this.people[sub], email_verified: true }),
      }),
    });
    this.handle = this.provider.callback();
  }

  /** Nobody answers there any more. */
  async goAway(): Promise<void> {
    this.server.closeAllConnections();
    await new Promise((closed) => this.server.close(closed));
  }

  /** It is back at the same place. */
  async comeBack(): Promise<void> {
    await this.listen();
  }

  private async listen(): Promise<void> {
    await new Promise<void>((listening) => this.server.listen(this.port, "127.0.0.1", listening));
    this.port = (this.server.address() as AddressInfo).port;
  }

  private answer(request: IncomingMessage, response: ServerResponse): void {
    const url = new URL(request.url ?? "/", this.issuer);
    if (url.pathname.startsWith("/nguoi/")) {
      this.ask(request, response).catch((error: unknown) => response.writeHead(500).end(String(error)));
    } else {
      this.handle?.(request, response);
    }
  }

  /** Its own page: who are you? Then back to the portal, with consent given. */
  private async ask(request: IncomingMessage, response: ServerResponse): Promise<void> {
    if (request.method !== "POST") {
      response.writeHead(200, { "content-type": "text/html; charset=utf-8" }).end(
        `<!DOCTYPE html><html lang="vi"><title>Danh bạ</title><h1>Danh bạ thử</h1><form method="post">
         <label>Tên <input name="who"></label><button>Đăng nhập</button><button name="stop" value="1">Thôi</button></form></html>`,
      );
      return;
    }
    let body = "";
    for await (const piece of request) body += String(piece);
    const form = new URLSearchParams(body);
    const who = form.get("who") ?? "";
    if (form.has("stop") || !(who in this.people)) {
      await this.provider.interactionFinished(request, response, { error: "access_denied", error_description: "Đã thôi" });
      return;
    }
    const { params } = await this.provider.interactionDetails(request, response);
    const grant = new this.provider.Grant({ accountId: who, clientId: params.client_id });
    grant.addOIDCScope(params.scope);
    const grantId: string = await grant.save();
    await this.provider.interactionFinished(request, response, { login: { accountId: who, acr: LEVEL }, consent: { grantId } });
  }
}
