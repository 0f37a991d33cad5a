/** Carries admitted requests and tunnels to application servers: routes, pools, health, forwarding. */
export {};
