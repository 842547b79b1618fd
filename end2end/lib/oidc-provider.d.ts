// The package brings no types of its own; what journeys need of it is little.
declare module "oidc-provider";
