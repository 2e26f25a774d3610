/** One a line: the character, its name and other words for it in English, the same in German. */
export const EMOJI = `
😀|grinning happy smile|grinsen fröhlich lachen
😄|laughing eyes happy|lachende augen fröhlich
😁|beaming grin|strahlen grinsen
😆|laughing hard|lautes lachen
😅|sweat laugh relief|schweiß lachen erleichtert
🤣|rolling laughing rofl|kugeln lachen
😂|tears of joy laugh|freudentränen lachen
🙂|slight smile|leichtes lächeln
🙃|upside down|auf dem kopf
😉|wink|zwinkern
😊|blush smile|erröten lächeln
😇|angel halo|engel heilig
🥰|in love hearts|verliebt herzen
😍|heart eyes love|herzaugen liebe
🤩|star struck wow|sternaugen begeistert
😘|kiss heart|kuss herz
😋|yummy tongue|lecker zunge
😛|tongue|zunge
😜|wink tongue crazy|zwinkern zunge verrückt
🤪|zany crazy|verrückt albern
🤗|hug|umarmung
🤭|oops hand over mouth|ups hand vor mund
🤫|quiet shush|leise pst
🤔|thinking hmm|nachdenken hmm
🤐|zipped mouth|reißverschluss mund
🤨|raised eyebrow doubt|augenbraue zweifel
😐|neutral|neutral
😑|expressionless|ausdruckslos
😶|no mouth silent|ohne mund still
😏|smirk|schmunzeln
😒|unamused|unzufrieden
🙄|rolling eyes|augen rollen
😬|grimace|grimasse
😌|relieved|erleichtert
😔|pensive sad|bedrückt traurig
😪|sleepy|schläfrig
😴|sleeping|schlafen
😷|mask ill|maske krank
🤒|fever ill|fieber krank
🤕|bandage hurt|verband verletzt
🤢|nauseated sick|übel
🤧|sneeze cold|niesen schnupfen
🥵|hot|heiß
🥶|cold freezing|kalt frieren
😵|dizzy|schwindlig
🤯|mind blown|kopf explodiert
🤠|cowboy|cowboy
🥳|party celebrate|party feiern
😎|cool sunglasses|cool sonnenbrille
🤓|nerd glasses|nerd brille
🧐|monocle inspect|monokel prüfen
😕|confused|verwirrt
😟|worried|besorgt
🙁|frown sad|stirnrunzeln traurig
😮|surprised open mouth|überrascht mund offen
😲|astonished|erstaunt
😳|flushed|errötet
🥺|pleading please|flehend bitte
😨|fearful|ängstlich
😰|anxious sweat|angst schweiß
😥|sad relieved|traurig erleichtert
😢|crying tear|weinen träne
😭|sobbing loudly|heulen laut
😱|scream fear|schrei angst
😖|confounded|verstört
😣|persevere|durchhalten
😞|disappointed|enttäuscht
😩|weary|erschöpft
😫|tired|müde
🥱|yawn bored|gähnen langeweile
😤|triumph steam|schnauben
😡|angry red|wütend rot
😠|angry|verärgert
🤬|swearing|fluchen
😈|devil smile|teufel lächeln
💀|skull dead|totenkopf tot
💩|poo|haufen
🤡|clown|clown
👻|ghost|gespenst
👽|alien|außerirdischer
🤖|robot|roboter
🙈|see no evil monkey|nichts sehen affe
🙉|hear no evil monkey|nichts hören affe
🙊|speak no evil monkey|nichts sagen affe
❤️|red heart love|rotes herz liebe
🧡|orange heart|oranges herz
💛|yellow heart|gelbes herz
💚|green heart|grünes herz
💙|blue heart|blaues herz
💜|purple heart|lila herz
🖤|black heart|schwarzes herz
🤍|white heart|weißes herz
💔|broken heart|gebrochenes herz
💕|two hearts|zwei herzen
💖|sparkling heart|funkelndes herz
💯|hundred points|hundert punkte
💢|anger|ärger
💥|collision boom|zusammenstoß knall
💫|dizzy star|schwindel stern
💦|sweat drops|schweiß tropfen
💨|dash fast|staubwolke schnell
💬|speech bubble|sprechblase
💤|zzz sleep|zzz schlaf
👋|wave hello bye|winken hallo tschüss
🤚|raised back of hand|handrücken
✋|raised hand stop|hand heben halt
👌|ok hand|ok hand
✌️|victory peace|victory frieden
🤞|fingers crossed luck|daumen drücken glück
🤟|love you|ich liebe dich
🤘|horns rock|hörner rock
🤙|call me|ruf mich an
👈|point left|nach links
👉|point right|nach rechts
👆|point up|nach oben
👇|point down|nach unten
👍|thumbs up yes good|daumen hoch ja gut
👎|thumbs down no bad|daumen runter nein schlecht
✊|raised fist|faust heben
👊|fist bump|faust
👏|clapping applause|klatschen applaus
🙌|raised hands hooray|hände hoch hurra
🤝|handshake deal|händedruck abgemacht
🙏|folded hands thanks please|gefaltete hände danke bitte
✍️|writing|schreiben
💪|strong muscle|stark muskel
🧠|brain|gehirn
👀|eyes look|augen schauen
👶|baby|baby
👧|girl|mädchen
👦|boy|junge
👩|woman|frau
👨|man|mann
🤷|shrug|schulterzucken
🤦|facepalm|hand vor kopf
🙋|raising hand question|melden frage
💃|dancing woman|tanzen frau
🕺|dancing man|tanzen mann
🏃|running|rennen
🚶|walking|gehen
👨‍💻|developer computer|entwickler computer
🕵️|detective|detektiv
🐶|dog|hund
🐱|cat|katze
🐭|mouse|maus
🐰|rabbit|hase
🦊|fox|fuchs
🐻|bear|bär
🐼|panda|panda
🐨|koala|koala
🐯|tiger|tiger
🦁|lion|löwe
🐮|cow|kuh
🐷|pig|schwein
🐸|frog|frosch
🐵|monkey|affe
🐔|chicken|huhn
🐧|penguin|pinguin
🐦|bird|vogel
🦆|duck|ente
🦉|owl|eule
🐴|horse|pferd
🦄|unicorn|einhorn
🐝|bee|biene
🦋|butterfly|schmetterling
🐌|snail|schnecke
🐢|turtle|schildkröte
🐍|snake python|schlange
🐙|octopus|krake
🐟|fish|fisch
🐬|dolphin|delfin
🐳|whale|wal
🐘|elephant|elefant
🌸|cherry blossom|kirschblüte
🌹|rose|rose
🌻|sunflower|sonnenblume
🌱|seedling plant|keimling pflanze
🌲|tree fir|baum tanne
🌴|palm|palme
🍀|four leaf clover luck|kleeblatt glück
🍁|maple leaf autumn|ahornblatt herbst
🍎|apple|apfel
🍌|banana|banane
🍇|grapes|trauben
🍓|strawberry|erdbeere
🍒|cherries|kirschen
🍋|lemon|zitrone
🍉|watermelon|wassermelone
🥑|avocado|avocado
🥕|carrot|karotte möhre
🌶️|hot pepper|chili
🍄|mushroom|pilz
🍞|bread|brot
🧀|cheese|käse
🥚|egg|ei
🍳|cooking fried egg|kochen spiegelei
🍔|burger|burger
🍟|fries|pommes
🍕|pizza|pizza
🌭|hot dog|hotdog
🌮|taco|taco
🍝|pasta spaghetti|nudeln spaghetti
🍣|sushi|sushi
🍿|popcorn|popcorn
🍩|doughnut|donut
🍪|cookie|keks
🎂|birthday cake|geburtstag torte
🍰|cake|kuchen
🍫|chocolate|schokolade
🍦|ice cream|eis
☕|coffee tea hot|kaffee tee heiß
🍵|green tea|grüner tee
🍺|beer|bier
🍻|cheers beers|prost bier
🥂|clinking glasses|anstoßen sekt
🍷|wine|wein
🍸|cocktail|cocktail
🌍|earth world|erde welt
⛰️|mountain|berg
🏖️|beach|strand
🏠|house home|haus zuhause
🏢|office|büro
🚗|car|auto
🚌|bus|bus
🚲|bicycle|fahrrad
🚂|train|zug lokomotive
✈️|plane|flugzeug
🚀|rocket launch|rakete start
⏰|alarm clock|wecker
⏳|hourglass wait|sanduhr warten
🌙|moon|mond
☀️|sun|sonne
⛅|cloud sun|wolke sonne
☁️|cloud|wolke
🌧️|rain|regen
⛈️|storm|gewitter
❄️|snow|schnee
🌈|rainbow|regenbogen
🔥|fire hot|feuer heiß
💧|drop water|tropfen wasser
⚡|lightning fast|blitz schnell
⭐|star|stern
✨|sparkles new|funkeln neu
🎉|party popper congratulations|konfetti glückwunsch
🎈|balloon|luftballon
🎁|present gift|geschenk
🏆|trophy win|pokal sieg
🥇|gold medal first|goldmedaille erster
⚽|football soccer|fußball
🏀|basketball|basketball
🎮|video game|videospiel
🎲|dice|würfel
🎨|art paint|kunst malen
🎵|music note|musik note
🎸|guitar|gitarre
🎬|film movie|film
📷|camera photo|kamera foto
📱|phone mobile|handy telefon
💻|laptop computer|laptop computer
💡|idea light|idee licht
📚|books|bücher
📝|note memo|notiz
📅|calendar date|kalender datum
📌|pin|pinnadel
📎|paperclip|büroklammer
✂️|scissors|schere
🔒|locked|schloss zu
🔑|key|schlüssel
🔨|hammer|hammer
🛠️|tools|werkzeug
⚙️|gear settings|zahnrad einstellungen
💰|money|geld
✉️|letter mail|brief post
📦|package box|paket kiste
🗑️|bin waste|papierkorb müll
📈|chart up|diagramm aufwärts
📉|chart down|diagramm abwärts
🔔|bell|glocke
🔍|search magnifier|suche lupe
✅|done check yes|erledigt haken ja
❌|cross no wrong|kreuz nein falsch
❓|question|frage
❗|exclamation important|ausrufezeichen wichtig
⚠️|warning|warnung
🚫|forbidden|verboten
♻️|recycle|wiederverwerten
➕|plus|plus
➡️|arrow right|pfeil rechts
⬅️|arrow left|pfeil links
🔴|red circle|roter kreis
🟢|green circle|grüner kreis
🔵|blue circle|blauer kreis
🏁|finish flag|ziel flagge
🏳️‍🌈|rainbow flag|regenbogen flagge
`;
