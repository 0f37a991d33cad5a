import { useEffect, useEffectEvent, useState } from 'react';
import type { LiveMessage, LiveWish } from '../../../admin/index.ts';
import { adminUrl } from '../api/request.ts';
import { useConsole } from '../frame/console-context.tsx';

/** `live`: what is shown follows by itself; `waiting`: it will again; `ended`: the session or the role is over. */
export type LiveState = 'waiting' | 'live' | 'ended';

/** Milliseconds until a lost connection is tried again. */
const again = 3_000;
/** As the server closes it for somebody who may no longer watch. */
const signedOut = 4401;

/** Watches one thing by the live feed, as long as the page shows it: `heard` is told of each message. */
export function useLive(wish: LiveWish, heard: (message: LiveMessage) => void): LiveState {
  const { subscription } = useConsole();
  const [state, setState] = useState<LiveState>('waiting');
  const tell = useEffectEvent(heard);
  const wanted = JSON.stringify(wish);

  useEffect(() => {
    let socket: WebSocket;
    let timer: ReturnType<typeof setTimeout> | undefined;
    let over = false;
    const connect = (): void => {
      const url = new URL(adminUrl('live', { subscription: subscription.id }), location.href);
      url.protocol = url.protocol.replace('http', 'ws');
      socket = new WebSocket(url);
      socket.onopen = () => socket.send(wanted);
      socket.onmessage = ({ data }) => {
        if (over) return;
        setState('live');
        tell(JSON.parse(String(data)));
      };
      socket.onclose = ({ code }) => {
        if (over) return;
        setState(code === signedOut ? 'ended' : 'waiting');
        if (code !== signedOut) timer = setTimeout(connect, again);
      };
    };
    connect();
    return () => {
      over = true;
      clearTimeout(timer);
      // One that is not open yet would complain of being closed.
      if (socket.readyState === WebSocket.OPEN) socket.close();
      else socket.onopen = () => socket.close();
    };
  }, [wanted, subscription.id]);

  return state;
}
