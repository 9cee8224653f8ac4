"""Sentences of our own, in the manner of news, with the dates and figures in them. Published on Thursday 20 October 2022."""

from __future__ import annotations

import datetime as dt

PUBLISHED = dt.date(2022, 10, 20)

DATES = """
en|The base was handed over on August 15, 2022.|2022-08-15
en|The base was handed over on 15 August 2022.|2022-08-15
en|Troops left Gossi on 19th April 2022 at dawn.|2022-04-19
en|Troops left Gossi on Aug. 15, officials said.|2022-08-15
en|The killings at Moura, from 27 to 31 March 2022, shocked the world.|2022-03-27/2022-03-31
en|Between March 27 and 31, 2022, soldiers held the village.|2022-03-27/2022-03-31
en|The operation ran from 27 March to 3 April 2022.|2022-03-27/2022-04-03
en|The operation of March 27-31 left many dead.|2022-03-27/2022-03-31
en|It was signed on 2022-06-30.|2022-06-30
en|It was signed on 30/06/2022 in Algiers, and again on 03/04/2022.|2022-06-30 2022-04-03
en|It was signed on 03/04/2022 in Algiers.|
en|The north fell in early 2012.|2012-01-01/2012-04-30
en|By mid-2021 the region was cut off.|/2021-08-31
en|In late March 2022 the convoy turned back.|2022-03-21/2022-03-31
en|Attacks doubled in the first half of 2022.|2022-01-01/2022-06-30
en|Attacks doubled in the third quarter of 2021.|2021-07-01/2021-09-30
en|In the first six months of 2022 the army lost ground.|2022-01-01/2022-06-30
en|The rebellions of the 1990s ended in talks.|1990-01-01/1999-12-31
en|Since the summer of 2022 the rotations have been suspended.|2022-06-21/
en|Since 2012 the country has been at war.|2012-01-01/
en|Since January 2021, prices have risen.|2021-01-01/
en|They were to leave by 2022.|/2022-12-31
en|The mandate runs until June 2023.|/2023-06-30
en|Between March and May 2022 the siege tightened.|2022-03-01/2022-05-31
en|Between 2012 and 2015, thousands fled.|2012-01-01/2015-12-31
en|From 2013 to 2022 the mission lost men.|2013-01-01/2022-12-31
en|The 2012-2013 crisis changed the region.|2012-01-01/2013-12-31
en|The 2020 coup was the first of two.|2020-01-01/2020-12-31
en|The second, in May 2021, removed the president.|2021-05-01/2021-05-31
en|Mali's 2013 election was peaceful.|2013-01-01/2013-12-31
en|Last month the prime minister went to New York.|2022-09-01/2022-09-30
en|Last week two posts were overrun.|2022-10-10/2022-10-16
en|Last year was worse.|2021-01-01/2021-12-31
en|In the past year the violence has spread.|2021-10-20/2022-10-20
en|Over the last three months, the toll rose.|2022-07-20/2022-10-20
en|Over the past 24 hours, there were clashes.|2022-10-19/2022-10-20
en|Gunmen attacked the village on Tuesday.|2022-10-18
en|Gunmen attacked the village last Friday.|2022-10-14
en|The minister resigned yesterday.|2022-10-19
en|The post fell two weeks ago.|2022-10-06
en|The junta took power two years ago.|2020-01-01/2020-12-31
en|The village emptied three months ago.|2022-07-01/2022-07-31
en|In September the second coup followed.|2022-09-01/2022-09-30
en|In December the north was calm.|2021-12-01/2021-12-31
en|The first attack came in November 2021. In February the army withdrew.|2021-11-01/2021-11-30 2022-02-01/2022-02-28
en|Elections will be held in February.|2023-02-01/2023-02-28
en|The troops left on 3 and 5 May 2022.|2022-05-03 2022-05-05
en|In March and April 2022, the town was under siege.|2022-03-01/2022-03-31 2022-04-01/2022-04-30
en|Some 2022 people fled and 1,990 soldiers stayed.|
en|Under resolution 2085, a force was sent.|
en|He may march with them.|
en|Earlier this year the camp closed.|2022-01-01/2022-12-31
en|On Monday, October 17, the road was mined.|2022-10-17
en|The mission (2013) was the largest.|2013-01-01/2013-12-31
en|As of 30 September 2022, the plan was a third funded.|2022-09-30
en|It was created in March 2017 and banned in 2018.|2017-03-01/2017-03-31 2018-01-01/2018-12-31
en|The contract for 2023 was signed in Q3 2022.|2023-01-01/2023-12-31 2022-07-01/2022-09-30
en|At the end of 2021 the mercenaries arrived.|2021-09-01/2021-12-31
en|The rains of last summer were poor.|2022-06-21/2022-09-22
fr|La base a été rendue le 15 août 2022.|2022-08-15
fr|La base a été rendue le 1er mars 2022.|2022-03-01
fr|L’opération s’est déroulée du 27 au 31 mars 2022.|2022-03-27/2022-03-31
fr|L’opération des 27-31 mars 2022 a fait des victimes.|2022-03-27/2022-03-31
fr|Entre le 27 et le 31 mars 2022, le village a été bouclé.|2022-03-27/2022-03-31
fr|Du 30 mars au 2 avril 2022, la route était coupée.|2022-03-30/2022-04-02
fr|L’accord du 03/04/2022 n’a pas tenu.|2022-04-03
fr|Entre mars et mai 2022, le siège s’est durci.|2022-03-01/2022-05-31
fr|De mars à mai 2022, le siège s’est durci.|2022-03-01/2022-05-31
fr|Le nord est tombé début 2012.|2012-01-01/2012-04-30
fr|À la mi-mars 2022, le convoi a fait demi-tour.|2022-03-11/2022-03-20
fr|Fin 2021, les mercenaires sont arrivés.|2021-09-01/2021-12-31
fr|À la fin du mois de mars 2022, le village a été attaqué.|2022-03-21/2022-03-31
fr|Les rébellions des années 1990 ont pris fin.|1990-01-01/1999-12-31
fr|Depuis 2012, le pays est en guerre.|2012-01-01/
fr|Depuis l’été 2022, les relèves sont suspendues.|2022-06-21/
fr|Depuis le 15 juillet, les relèves sont suspendues.|2022-07-15/
fr|Ils devaient partir d’ici 2023.|/2023-12-31
fr|Le mandat court jusqu’en juin 2023.|/2023-06-30
fr|De 2013 à 2022, la mission a perdu des hommes.|2013-01-01/2022-12-31
fr|Entre 2012 et 2015, des milliers ont fui.|2012-01-01/2015-12-31
fr|Au premier semestre 2022, les attaques ont doublé.|2022-01-01/2022-06-30
fr|Au troisième trimestre de 2021, les attaques ont doublé.|2021-07-01/2021-09-30
fr|Au cours des six premiers mois de 2022, l’armée a reculé.|2022-01-01/2022-06-30
fr|Au cours des douze derniers mois, la violence s’est étendue.|2021-10-20/2022-10-20
fr|Ces trois derniers mois, la violence s’est étendue.|2022-07-20/2022-10-20
fr|Le mois dernier, le Premier ministre était à New York.|2022-09-01/2022-09-30
fr|La semaine dernière, deux postes sont tombés.|2022-10-10/2022-10-16
fr|L’année dernière a été pire.|2021-01-01/2021-12-31
fr|L’an dernier, l’école a fermé.|2021-01-01/2021-12-31
fr|Le ministre a démissionné hier.|2022-10-19
fr|Des hommes armés ont attaqué le village mardi.|2022-10-18
fr|Des hommes armés ont attaqué le village vendredi dernier.|2022-10-14
fr|Le poste est tombé il y a deux semaines.|2022-10-06
fr|La junte a pris le pouvoir il y a deux ans.|2020-01-01/2020-12-31
fr|En septembre, le second coup d’État a suivi.|2022-09-01/2022-09-30
fr|En mars dernier, le village a été attaqué.|2022-03-01/2022-03-31
fr|Le coup d’État de 2020 fut le premier.|2020-01-01/2020-12-31
fr|Le second, en mai 2021, a renversé le président.|2021-05-01/2021-05-31
fr|Les élections prévues en février sont reportées.|2023-02-01/2023-02-28
fr|Dans la nuit du 13 au 14 mars 2022, le camp a brûlé.|2022-03-13/2022-03-14
fr|Le lundi 17 octobre, la route a été minée.|2022-10-17
fr|Les 27 et 29 mars 2022, deux attaques ont eu lieu.|2022-03-27 2022-03-29
fr|Quelque 2022 personnes ont fui et 1 990 soldats sont restés.|
fr|La résolution 2085 a créé la force.|
fr|La mission (2013) était la plus vaste.|2013-01-01/2013-12-31
fr|Au 30 septembre 2022, le plan était financé au tiers.|2022-09-30
fr|En mars et avril 2022, la ville était assiégée.|2022-03-01/2022-03-31 2022-04-01/2022-04-30
fr|Depuis le début de l’année, les prix montent.|2022-01-01/
fr|À partir de janvier 2022, les frontières ont été fermées.|2022-01-01/
fr|L’été dernier, les pluies ont manqué.|2022-06-21/2022-09-22
fr|Chaque vendredi, ils manifestent.|
fr|Au mois de mai 2022, le pays a quitté le G5 Sahel.|2022-05-01/2022-05-31
fr|Cette année, la récolte est mauvaise.|2022-01-01/2022-12-31
fr|Le 5 juin dernier, un convoi a sauté.|2022-06-05
"""

FIGURES = """
en|Some 313 people were killed in Moura.|about 313 deaths
en|The soldiers are accused of killing 300 civilians.|300 civilians_killed
en|The execution of 300 civilians shocked the region.|300 civilians_killed
en|In the region, 13 million people in three countries require humanitarian assistance.|13000000 people_in_need; 3 none
en|Almost 363,000 people have been displaced by the fighting.|almost 363000 displaced
en|Officials gave a death toll of 12.|12 deaths
en|The death toll has risen to at least 41.|at_least 41 deaths
en|Once a force of 5,000 soldiers, it is gone.|5000 troops
en|The mine yields 60 tonnes of gold a year.|60 gold_tonnes
en|The group claimed 72 attacks.|72 events
en|Gunmen killed 12 and wounded 30.|12 deaths; 30 injured
en|Twelve soldiers were killed and 30 wounded.|12 deaths; 30 injured
en|Between 20 and 30 fighters were arrested.|20-30 arrested
en|20 to 30 villagers were abducted on the road.|20-30 abducted
en|A dozen farmers were kidnapped near the river.|12 abducted
en|The plan requires $803 million.|803000000 funding_required_usd
en|Aid groups hope to reach 5.3 million people.|5300000 people_targeted
en|More than 1,500 schools remain closed.|more_than 1500 schools_closed
en|Violence rose 45 percent.|45 percent
en|The 15,000-strong mission will leave.|15000 troops
en|Two peacekeepers were killed by a mine.|2 peacekeepers_killed
en|The blast killed five Chadian peacekeepers.|5 peacekeepers_killed
en|One soldier was killed and two others were injured.|1 deaths; 2 injured
en|About 2.1 million people are internally displaced.|about 2100000 idps
en|There are 1.9 million IDPs in the country.|1900000 idps
en|An estimated 3.5 million people are food insecure.|about 3500000 food_insecure
en|Nearly 4.7 million people face acute food insecurity.|almost 4700000 food_insecure
en|Some 49 Ivorian soldiers were arrested at the airport.|about 49 arrested
en|The camp hosts 60,000 refugees.|60000 refugees
en|More than 20,000 people returned home.|more_than 20000 returnees
en|Up to 1,000 mercenaries were deployed.|up_to 1000 troops
en|A 12-year-old boy walked 5 km.|
en|Resolution 2100 sent them to the G5 zone with AK-47 rifles and 105 mm guns.|
en|The attack left 14 dead and 22 injured, the army said.|14 deaths; 22 injured
en|At least 50 people, including 17 women, died.|at_least 50 deaths; 17 deaths
en|Fifteen soldiers and three civilians were killed.|15 deaths; 3 civilians_killed
en|Clashes killed 15 soldiers and three civilians.|15 deaths; 3 civilians_killed
en|The ambush cost the lives of 17 soldiers.|17 deaths
en|The army says it killed more than 200 militants.|more_than 200 deaths
en|Two terrorist attacks hit the town.|2 events
en|Seven of the ten hostages died.|7 deaths; 10 abducted
en|Jihadists abducted 40 women near the town.|40 abducted
en|More than 7.5 million people need aid.|more_than 7500000 people_in_need
en|Only 32% of the appeal is funded.|32 percent
en|About 2,400 French troops remain in the region.|about 2400 troops
en|The number of civilian deaths reached 1,470.|1470 civilians_killed
en|The conflict has displaced 2 million people.|2000000 displaced
en|Ten soldiers are missing and 13 were wounded.|10 none; 13 injured
en|Fighting uprooted over 30,000 families.|more_than 30000 displaced
en|Police detained 60 protesters.|60 arrested
en|At least 313 people were killed, of whom 243 were civilians.|at_least 313 deaths; 243 civilians_killed
en|Fewer than 100 people died last week.|up_to 100 deaths
en|The attackers burned 40 houses.|40 none
en|Flight 302 left at 14:30 with room 12 empty.|
en|Some 300 gunmen on motorbikes stormed the base and killed 33 soldiers.|about 300 none; 33 deaths
en|Germany will withdraw its 1,100 soldiers.|1100 troops
en|The bombing wounded 27 people, two of them seriously.|27 injured; 2 injured
fr|Quelque 313 personnes ont été tuées à Moura.|about 313 deaths
fr|Les soldats sont accusés d’avoir tué 300 civils.|300 civilians_killed
fr|L’exécution de 300 civils a choqué la région.|300 civilians_killed
fr|Près de 7,5 millions de personnes ont besoin d’une aide humanitaire.|almost 7500000 people_in_need
fr|Le bilan est de 12 morts.|12 deaths
fr|Le bilan est passé à au moins 41 morts.|at_least 41 deaths
fr|L’attaque a fait 12 morts et 30 blessés.|12 deaths; 30 injured
fr|Douze soldats ont été tués et une trentaine blessés.|12 deaths; about 30 injured
fr|Ils ont tué 12 soldats et blessé 30 civils.|12 deaths; 30 injured
fr|Entre 20 et 30 assaillants ont été neutralisés.|20-30 deaths
fr|Une centaine de civils ont été exécutés.|about 100 civilians_killed
fr|Une vingtaine de villageois ont été enlevés.|about 20 abducted
fr|On compte 1,5 million de déplacés internes et 250 000 réfugiés.|1500000 idps; 250000 refugees
fr|Plus de 1 500 écoles sont fermées.|more_than 1500 schools_closed
fr|L’attaque a coûté la vie à 14 gendarmes.|14 deaths
fr|La force de 5 000 hommes a quitté le pays.|5000 troops
fr|Les violences ont augmenté de 45 %.|45 percent
fr|Plus de 130 personnes ont été enlevées, dont 27 femmes.|more_than 130 abducted; 27 abducted
fr|La mission compte 13 000 casques bleus.|13000 troops
fr|Deux casques bleus ont été tués par une mine.|2 peacekeepers_killed
fr|Un soldat a été tué et deux autres blessés.|1 deaths; 2 injured
fr|Le plan nécessite 686 millions de dollars.|686000000 funding_required_usd
fr|L’ONU vise à aider 5,3 millions de personnes.|5300000 people_targeted
fr|La mort de 12 civils a été confirmée.|12 civilians_killed
fr|Quelque 3,4 millions de personnes sont en situation d’insécurité alimentaire.|about 3400000 food_insecure
fr|Un enfant âgé de 12 ans est arrivé à 14h30.|
fr|Les 49 soldats ivoiriens ont été arrêtés à l’aéroport.|49 arrested
fr|L’armée a arrêté 49 suspects.|49 arrested
fr|Au total, 16 soldats et 3 civils ont péri.|16 deaths; 3 civilians_killed
fr|La mine produit 60 tonnes d’or par an.|60 gold_tonnes
fr|Le groupe a revendiqué 72 attaques.|72 events
fr|Le conflit a déplacé 2 millions de personnes.|2000000 displaced
fr|Plus de 30 000 personnes ont fui leurs villages.|more_than 30000 displaced
fr|Environ 20 000 personnes sont retournées chez elles.|about 20000 returnees
fr|Jusqu’à 1 000 mercenaires ont été déployés.|up_to 1000 troops
fr|Dix militaires sont portés disparus et 13 ont été blessés.|10 none; 13 injured
fr|L’explosion a tué au moins 5 personnes et en a blessé 20.|at_least 5 deaths; 20 injured
fr|Moins de 100 personnes sont mortes.|up_to 100 deaths
fr|Les assaillants ont brûlé 40 maisons.|40 none
fr|Le pays compte 850.000 déplacés.|850000 displaced
fr|L’Allemagne va retirer ses 1 100 soldats.|1100 troops
fr|Six Dogons ont été tués après le massacre de 160 Peuls.|6 deaths; 160 deaths
fr|Trois terroristes ont été abattus et deux arrêtés.|3 deaths; 2 arrested
fr|L’embuscade a fait 17 morts, dont 4 civils, et 9 blessés.|17 deaths; 4 civilians_killed; 9 injured
fr|La résolution 2100 et le G5 n’y changent rien.|
fr|Les trois pays ont quitté l’organisation.|
fr|Quatre-vingt-dix-sept personnes ont été interpellées.|97 arrested
fr|Les affrontements ont fait deux mille trois cents morts.|2300 deaths
fr|Le taux est passé de 12 à 30 %.|30 percent
fr|L’attaque a fait une dizaine de victimes.|about 10 none
"""


def rows(table: str) -> list[tuple[str, str, str]]:
    return [tuple(line.split("|")) for line in table.strip().splitlines()]  # type: ignore[misc]
