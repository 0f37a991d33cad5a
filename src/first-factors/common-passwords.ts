/** The commonest of at least ten characters in published leaks; shorter ones fail by their length. Folded. */
export const commonPasswords: ReadonlySet<string> = new Set(
  `1234567890 12345678910 123456789a 1234567891 0123456789 0987654321 1q2w3e4r5t 1q2w3e4r5t6y 1qaz2wsx3edc
  q1w2e3r4t5 q1w2e3r4t5y6 zaq12wsxcde3 qwertyuiop qwerty12345 qwerty123456 qwertyuiop123 asdfghjkl123 1qazxsw23edc
  password12 password123 password1234 password12345 passwordpassword passw0rd123 mypassword thepassword
  iloveyou12 iloveyou123 iloveyousomuch ilovemyself letmein123 letmeinnow welcome123 welcome1234 trustno123
  administrator administrateur administrador adminadmin admin12345 admin123456 rootroot12 changeme123 changemenow
  football123 baseball123 basketball superman123 batman12345 starwars123 michael123 jessica123 charlie123
  sunshine123 princess123 dragon12345 monkey12345 shadow12345 master12345 computer123 internet123 samsung123
  liverpool1 manchester barcelona1 chocolate1 strawberry motdepasse motdepasse1 motdepasse123 azertyuiop
  azerty12345 azerty123456 jetaime123 bonjour123 marseille13 doudoudoudou passwort123 passwort12 hallo12345
  contrasena contraseña contrasena123 teamo12345 abcdefghij abcd123456 abc1234567 abc123abc123 a123456789 aa12345678
  correcthorsebatterystaple p@ssw0rd123 p@ssword123 test123456 testtest12 guest12345 secret1234 default123
  remotedesktop terminalserver`
    .split(/\s+/)
    .filter((word) => word !== ''),
);

/** Words that carry no password however many digits and signs are put around them. Folded. */
export const commonWords: ReadonlySet<string> = new Set(
  `password passwort motdepasse contrasena contraseña wachtwoord senha parola welcome willkommen bienvenue bonjour
  qwerty qwertz azerty letmein admin administrator administrateur administrador root changeme secret geheim
  iloveyou jetaime dragon monkey sunshine princess football baseball basketball superman batman starwars pokemon
  computer internet samsung michael jessica charlie summer winter spring autumn sommer herbst printemps automne hiver
  january february september october november december janvier decembre company gateway sallyport server default
  test guest user desktop login master shadow hello hallo soleil chocolat liverpool chelsea arsenal marseille paris`
    .split(/\s+/)
    .filter((word) => word !== ''),
);
