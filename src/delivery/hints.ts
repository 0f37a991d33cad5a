/** `••• 71`: enough to recognise one's own number, not enough to learn somebody's. */
export function phoneHint(number: string): string {
  return `••• ${number.replaceAll(/\D/g, '').slice(-2)}`;
}

/** `a•••@example.com`: the first letter and the domain. */
export function addressHint(address: string): string {
  const at = address.lastIndexOf('@');
  if (at < 1) return '•••';
  return `${[...address].slice(0, 1).join('')}•••${address.slice(at)}`;
}
