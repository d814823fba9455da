"""9,000 English words with their sounds. Written by `tools/english_lexicon.py`; not edited by hand.

A word, `:` and its sounds, one character a phone (`english/phones.py`), ' before the vowel with primary stress and , before
one with secondary. Derived from the CMU Pronouncing Dictionary:

Copyright (C) 1993-2015 Carnegie Mellon University. All rights reserved.

Redistribution and use in source and binary forms, with or without
modification, are permitted provided that the following conditions
are met:

1. Redistributions of source code must retain the above copyright
   notice, this list of conditions and the following disclaimer.
   The contents of this file are deemed to be source code.

2. Redistributions in binary form must reproduce the above copyright
   notice, this list of conditions and the following disclaimer in
   the documentation and/or other materials provided with the
   distribution.

This work was supported in part by funding from the Defense Advanced
Research Projects Agency, the Office of Naval Research and the National
Science Foundation of the United States of America, and by member
companies of the Carnegie Mellon Sphinx Speech Consortium. We acknowledge
the contributions of many volunteers to the expansion and improvement of
this dictionary.

THIS SOFTWARE IS PROVIDED BY CARNEGIE MELLON UNIVERSITY ``AS IS'' AND
ANY EXPRESSED OR IMPLIED WARRANTIES, INCLUDING, BUT NOT LIMITED TO,
THE IMPLIED WARRANTIES OF MERCHANTABILITY AND FITNESS FOR A PARTICULAR
PURPOSE ARE DISCLAIMED.  IN NO EVENT SHALL CARNEGIE MELLON UNIVERSITY
NOR ITS EMPLOYEES BE LIABLE FOR ANY DIRECT, INDIRECT, INCIDENTAL,
SPECIAL, EXEMPLARY, OR CONSEQUENTIAL DAMAGES (INCLUDING, BUT NOT
LIMITED TO, PROCUREMENT OF SUBSTITUTE GOODS OR SERVICES; LOSS OF USE,
DATA, OR PROFITS; OR BUSINESS INTERRUPTION) HOWEVER CAUSED AND ON ANY
THEORY OF LIABILITY, WHETHER IN CONTRACT, STRICT LIABILITY, OR TORT
(INCLUDING NEGLIGENCE OR OTHERWISE) ARISING IN ANY WAY OUT OF THE USE
OF THIS SOFTWARE, EVEN IF ADVISED OF THE POSSIBILITY OF SUCH DAMAGE.
"""

from typing import Final

TABLE: Final = """
a:ə aaron:'ɛrən abandon:əb'ændən abate:əb'At abbey:'æbi abhor:æbh'ɔr abide:əb'Id abilities:əb'ɪlət,iz ability:əb'ɪlət,i able:'Abəl
aboard:əb'ɔrd abolish:əb'ɑlɪʃ abominable:əb'ɑmənəbəl about:əb'Wt above:əb'ʌv abraham:'Abrəh,æm abroad:əbr'ɔd abruptly:əbr'ʌptli
absence:'æbsəns absent:'æbsənt absolute:'æbsəl,ut absolutely:,æbsəl'utli abstract:æbstr'ækt absurd:əbs'ɝd absurdity:əbs'ɝdəti
abundance:əb'ʌndəns abundant:əb'ʌndənt abuse:əbj'us abused:əbj'uzd abuses:əbj'usɪz academic:,ækəd'ɛmɪk academy:ək'ædəmi accent:əks'ɛnt
accents:'æksɛnts accept:æks'ɛpt acceptable:æks'ɛptəbəl acceptance:æks'ɛptəns accepted:æks'ɛptɪd access:'æks,ɛs accident:'æksədənt
accidental:,æksəd'ɛntəl accidentally:,æksəd'ɛntəli accidents:'æksədənts accompanied:ək'ʌmpənid accomplish:ək'ɑmplɪʃ accomplished:ək'ɑmplɪʃt
accomplishment:ək'ɑmplɪʃmənt accord:ək'ɔrd according:ək'ɔrdɪŋ account:ək'Wnt accumulate:əkj'umjəl,At accurately:'ækjɝətli accursed:,æk'ɝst
accusation:,ækjəz'Aʃən accuse:əkj'uz accused:əkj'uzd accusing:əkj'uzɪŋ ace:'As ache:'Ak achieve:əC'iv achieved:əC'ivd achievement:əC'ivmənt
achilles:ək'ɪliz acid:'æsəd acknowledge:ækn'ɑlɪJ acquaint:əkw'Ant acquaintance:əkw'Antəns acquainted:əkw'Antɪd acquire:əkw'Iɝ
acquired:əkw'Iɝd acquisition:,ækwəz'ɪʃən across:əkr'ɔs act:'ækt acting:'æktɪŋ action:'ækʃən actions:'ækʃənz active:'æktɪv
activities:ækt'ɪvətiz activity:ækt'ɪvəti actor:'æktɝ actors:'æktɝz acts:'ækts actual:'ækCəwəl actually:'ækC,uəli ad:'æd ada:'Adə adam:'ædəm
adams:'ædəmz adapt:əd'æpt add:'æd added:'ædəd addict:əd'ɪkt addiction:əd'ɪkʃən adding:'ædɪŋ addition:əd'ɪʃən additional:əd'ɪʃənəl
address:'ædr,ɛs addressing:ədr'ɛsɪŋ adds:'ædz adieu:əd'u adjunct:'æJ,ʌŋkt adlai:ɑdl'ɑi adler:'ædlɝ administration:ædm,ɪnɪstr'Aʃən
admirable:'ædmɝəbəl admiral:'ædmɝəl admiration:,ædmɝ'Aʃən admire:ædm'Ir admired:ədm'Iɝd admiring:ædm'Irɪŋ admission:ædm'ɪʃən admit:ədm'ɪt
admits:ədm'ɪts admitted:ədm'ɪtɪd ado:əd'u adolescence:,ædəl'ɛsəns adolescent:,ædəl'ɛsənt adonis:əd'ɑnəs adopt:əd'ɑpt adopted:əd'ɑptɪd
adore:əd'ɔr adult:əd'ʌlt adulterate:əd'ʌltɝ,At adults:əd'ʌlts advance:ədv'æns advanced:ədv'ænst advancement:ədv'ænsmənt advances:ədv'ænsəz
advantage:ædv'æntɪJ advantages:ædv'æntɪJɪz adventure:ædv'ɛnCɝ adventures:ædv'ɛnCɝz adverse:ædv'ɝs adversity:ædv'ɝsɪt,i
advertising:'ædvɝt,Izɪŋ advice:ædv'Is advise:ædv'Iz advised:ædv'Izd advisor:ædv'Izɝ advocate:'ædvəkət aeneas:'æniəs aesop:'is,ɑp afar:əf'ɑr
affable:'æfəbəl affair:əf'ɛr affairs:əf'ɛrz affect:əf'ɛkt affected:əf'ɛktɪd affection:əf'ɛkʃən affections:əf'ɛkʃənz affects:əf'ɛkts
affirm:əf'ɝm afflict:əfl'ɪkt affliction:əfl'ɪkʃən afford:əf'ɔrd affords:əf'ɔrdz afloat:əfl'Ot afoot:əf'ʊt afraid:əfr'Ad afresh:əfr'ɛʃ
africa:'æfrəkɑ african:'æfrəkən after:'æftɝ afternoon:,æftɝn'un afterward:'æftɝwɝd afterwards:'æftɝwɝdz again:əg'ɛn against:əg'ɛnst
agamemnon:,ægəm'ɛmn,ɑn age:'AJ age's:'AJɪz aged:'AJd agent:'AJənt ages:'AJəz aggravate:'ægrəv,At ago:əg'O agony:'ægəni agree:əgr'i
agreed:əgr'id agriculture:'ægrɪk,ʌlCɝ agrippa:əgr'ɪpə ah:'ɑ ahead:əh'ɛd aid:'Ad aim:'Am aimed:'Amd aims:'Amz ain't:'Ant air:'ɛr
aircraft:'ɛrkr,æft airplane:'ɛrpl,An airy:'ɛri ajax:'AJ,æks al:'æl alan:'ælən alarm:əl'ɑrm alas:əl'æs albeit:ɔlb'iɪt albert:'ælbɝt
alchemy:'ælkəmi alcohol:'ælkəh,ɑl aldous:'ɑldəs ale:'Al alert:əl'ɝt alex:'æləks alexander:,æləgz'ændɝ alexandre:ælɪks'ɑndɝ alfred:'ælfrəd
ali:'ɑli alice:'æləs alien:'Aliən aliens:'Aliənz alike:əl'Ik alive:əl'Iv all:'ɔl all's:'ɔlz allan:'ælən allege:əl'ɛJ alleged:əl'ɛJd
allegiance:əl'iJəns allen:'ælən alley:'æli alliance:əl'Iəns allow:əl'W allowed:əl'Wd allowing:əl'Wɪŋ almanac:'ɑlmən,æk almost:'ɔlm,Ost
alms:'ɑlmz aloft:əl'ɔft alone:əl'On along:əl'ɔŋ alongside:əl'ɔŋs'Id aloof:əl'uf aloud:əl'Wd alpha:'ælfə alphabet:'ælfəb,ɛt already:ɔlr'ɛdi
also:'ɔlsO alt:'ɑlt altar:'ɔltɝ alter:'ɔltɝ alteration:,ɔltɝ'Aʃən altering:'ɔltɝɪŋ alternate:'ɔltɝnət alternative:ɔlt'ɝnətɪv
alternatives:ɔlt'ɝnətɪvz alters:'ɔltɝz although:,ɔlð'O altogether:,ɔltəg'ɛðɝ always:'ɔlw,Az am:'æm amazed:əm'Azd amazement:əm'Azmənt
amazing:əm'Azɪŋ ambassador:æmb'æsədɝ ambassadors:æmb'æsədɝz amber:'æmbɝ ambition:æmb'ɪʃən ambitious:æmb'ɪʃəs ambrose:'æmbr,Oz ambush:'æmb,ʊʃ
amen:Am'ɛn amend:əm'ɛnd amends:əm'ɛndz america:əm'ɛrəkə american:əm'ɛrəkən americans:əm'ɛrəkənz amiable:'Amiəbəl amid:əm'ɪd amiga:əm'igə
amis:'æmɪs amiss:əm'ɪs amity:'æmɪti among:əm'ʌŋ amongst:əm'ʌŋst amorous:'æmɝəs amount:əm'Wnt amounts:əm'Wnts ample:'æmpəl
amplifier:'æmpləf,Iɝ amusing:əmj'uzɪŋ an:'æn analogy:ən'æləJi analysis:ən'æləsəs anatole:'ænət,Ol ancestors:'æns,ɛstɝz anchor:'æŋkɝ
ancient:'AnCənt and:ənd anderson:'ændɝsən andrew:'ændru android:'ændr,Yd andy:'ændi anecdote:'ænəkd,Ot anew:ən'u angel:'AnJəl
angeles:'ænJəlɪs angelo:'ænJəl,O angels:'AnJəlz anger:'æŋgɝ angle:'æŋgəl angry:'æŋgri anguish:'æŋgwɪʃ animal:'ænəməl animals:'ænəməlz
animated:'ænəm,Atɪd ann:'æn anne:'æn announced:ən'Wnst annoy:ən'Y annoying:ən'Yɪŋ annual:'ænjuəl anointed:ən'Yntɪd anon:,æn'ɔn
anonymous:ən'ɑnəməs another:ən'ʌðɝ another's:ən'ʌðɝz answer:'ænsɝ answered:'ænsɝd answering:'ænsɝɪŋ answers:'ænsɝz ant:'ænt anthony:'ænθəni
anti:'ænt,i anticipate:ænt'ɪsəp,At antiochus:ænt'Iəkəs antique:ænt'ik antiquity:ænt'ɪkwəti antonio:ænt'On,iO antony:'æntəni anxious:'æŋkʃəs
any:'ɛni anybody:'ɛnibədi anybody's:'ɛnibədiz anymore:,ɛnim'ɔr anyone:'ɛniw,ʌn anything:'ɛniθ,ɪŋ anyway:'ɛniw,A anywhere:'ɛniw,ɛr
apace:əp'As apart:əp'ɑrt apartment:əp'ɑrtmənt apathy:'æpəθi ape:'Ap apes:'Aps apollo:əp'ɑlO apology:əp'ɑləJ,i apparatus:,æpɝ'ætəs
apparel:əp'ærəl apparent:əp'ɛrənt apparently:əp'ɛrəntli appeal:əp'il appear:əp'ɪr appearance:əp'ɪrəns appeared:əp'ɪrd appearing:əp'ɪrɪŋ
appears:əp'ɪrz appendages:əp'ɛndɪJɪz appetite:'æpət,It appetites:'æpət,Its applaud:əpl'ɔd applause:əpl'ɔz apple:'æpəl apples:'æpəlz
appliances:əpl'Iənsəz application:,æplək'Aʃən applications:,æplək'Aʃənz applied:əpl'Id apply:əpl'I applying:əpl'Iɪŋ appoint:əp'Ynt
appointed:əp'Yntɪd appointment:əp'Yntmənt appreciate:əpr'iʃi,At appreciation:əpr,iʃi'Aʃən apprehend:,æprɪh'ɛnd apprehended:,æprɪh'ɛndɪd
apprehension:,æprɪh'ɛnʃən approach:əpr'OC approaches:əpr'OCəz approaching:əpr'OCɪŋ approbation:,æprəb'Aʃən appropriate:əpr'Opriət
approve:əpr'uv approved:əpr'uvd april:'Aprəl april's:'Aprəlz apt:'æpt aptly:'æptli arab:'ærəb arbitrary:'ɑrbətr,ɛri arch:'ɑrC
archbishop:'ɑrCb'ɪʃəp archer:'ɑrCɝ architecture:'ɑrkət,ɛkCɝ are:'ɑr area:'ɛriə areas:'ɛriəz aren't:'ɑrənt argue:'ɑrgju argued:'ɑrgjud
argues:'ɑrgjuz arguing:'ɑrgjuɪŋ argument:'ɑrgjəmənt arguments:'ɑrgjəmənts ariel:'ɛriəl arise:ɝ'Iz arising:ɝ'Izɪŋ aristotle:'ɛrəst,ɑtəl
arithmetic:,ɛrɪθm'ɛtɪk ark:'ɑrk arm:'ɑrm armchair:'ɑrmC,ɛr armed:'ɑrmd armies:'ɑrmiz armour:'ɑrmɝ arms:'ɑrmz armstrong:'ɑrmstr,ɑŋ army:'ɑrmi
army's:'ɑrmiz arose:ɝ'Oz around:ɝ'Wnd arranged:ɝ'AnJd arrangement:ɝ'AnJmənt arrant:'ærənt array:ɝ'A arrest:ɝ'ɛst arrested:ɝ'ɛstɪd
arrive:ɝ'Iv arrived:ɝ'Ivd arrives:ɝ'Ivz arrow:'ærO arrows:'ærOz art:'ɑrt art's:'ɑrts arthur:'ɑrθɝ arthur's:'ɑrθɝz article:'ɑrtəkəl
articles:'ɑrtəkəlz articulate:ɑrt'ɪkjəl,At artifice:'ɑrtəfɪs artificial:,ɑrtəf'ɪʃəl artist:'ɑrtəst artists:'ɑrtɪsts artois:ɑrtw'ɑ arts:'ɑrts
as:'æz ascend:əs'ɛnd ashamed:əʃ'Amd ashes:'æʃəz ashley:'æʃli ashore:əʃ'ɔr aside:əs'Id asimov:'æsɪmɑv ask:'æsk askance:əsk'æns asked:'æskt
asking:'æskɪŋ asks:'æsks asleep:əsl'ip aspect:'æsp,ɛkt aspire:əsp'Ir ass:'æs assailed:əs'Ald assault:əs'ɔlt assay:'æsi assemble:əs'ɛmbəl
assembled:əs'ɛmbəld assembly:əs'ɛmbli assent:əs'ɛnt asserted:əs'ɝtɪd assertion:əs'ɝʃən asshole:'æshOl assigned:əs'Ind assist:əs'ɪst
assistance:əs'ɪstəns assistant:əs'ɪstənt associate:əs'Osiət association:əs,Osi'Aʃən assume:əs'um assumes:əs'umz assumption:əs'ʌmpʃən
assumptions:əs'ʌmpʃənz assurance:əʃ'ʊrəns assure:əʃ'ʊr assured:əʃ'ʊrd astonished:əst'ɑnɪʃt astounding:əst'Wndɪŋ astrologers:əstr'ɑləJɝz
astrological:,æstrəl'ɑJɪkəl astrology:əstr'ɑləJi astronomer:əstr'ɑnəmɝ astronomy:əstr'ɑnəmi asunder:əs'ʌndɝ at:'æt ate:'At athenian:əθ'iniən
athens:'æθənz atlantic:ətl'æntɪk atlas:'ætləs atmosphere:'ætməsf,ɪr atom:'ætəm atomic:ət'ɑmɪk atoms:'ætəmz attached:ət'æCt attack:ət'æk
attacks:ət'æks attain:ət'An attempt:ət'ɛmpt attempted:ət'ɛmptɪd attempting:ət'ɛmptɪŋ attempts:ət'ɛmpts attend:ət'ɛnd attendance:ət'ɛndəns
attendants:ət'ɛndənts attended:ət'ɛndɪd attending:ət'ɛndɪŋ attends:ət'ɛndz attention:ət'ɛnʃən attire:ət'Iɝ attitude:'ætət,ud
attitudes:'ætət,udz attractive:ətr'æktɪv attributed:ətr'ɪbjətɪd audacity:ɑd'æsəti audience:'ɑdiəns audit:'ɔdɪt audrey:'ɔdri aught:'ɔt
augurs:'ɔgɝz august:'ɑgəst augustine:'ɑgəst,in augustus:ɑg'ʌstəs aunt:'ænt author:'ɔθɝ authority:əθ'ɔrəti authorizing:'ɔθɝ,Izɪŋ
authors:'ɔθɝz auto:'ɔtO automatic:,ɔtəm'ætɪk autumn:'ɔtəm avail:əv'Al available:əv'Aləbəl avalanche:'ævəl,ænC average:'ævɝɪJ avoid:əv'Yd
avoided:əv'Ydɪd avoiding:əv'Ydɪŋ awaits:əw'Ats awake:əw'Ak awakened:əw'Akənd award:əw'ɔrd awarded:əw'ɔrdɪd awards:əw'ɔrdz aware:əw'ɛr
awareness:əw'ɛrnəs away:əw'A awe:'ɑ awful:'ɑfəl awhile:əw'Il awkward:'ɑkwɝd axe:'æks axis:'æksəs axle:'æksəl ay:'A aye:'I ayn:'An b:b'i
baba:b'ʌbə babe:b'Ab babes:b'Abz babies:b'Abiz baby:b'Abi bach:b'ɑk bachelor:b'æCəlɝ back:b'æk backed:b'ækt background:b'ækgr,Wnd
backs:b'æks backward:b'ækwɝd backwards:b'ækwɝdz bacon:b'Akən bad:b'æd bade:b'Ad badge:b'æJ badger:b'æJɝ badges:b'æJɪz badly:b'ædli
badness:b'ædnəs bag:b'æg baggage:b'ægəJ bags:b'ægz bail:b'Al bait:b'At bake:b'Ak baked:b'Akt baker:b'Akɝ balance:b'æləns balanced:b'ælənst
bald:b'ɔld ball:b'ɔl ballad:b'æləd balls:b'ɔlz balm:b'ɑm balmy:b'ɑmi baloney:bəl'Oni banana:bən'ænə band:b'ænd bands:b'ændz bane:b'An
banish:b'ænɪʃ banished:b'ænɪʃt banishment:b'ænɪʃmənt bank:b'æŋk bankrupt:b'æŋkrəpt banks:b'æŋks banners:b'ænɝz banquet:b'æŋkwət
baptista:b,æpt'ɪstə bar:b'ɑr barb:b'ɑrb barbarism:b'ɑrbɝ,ɪzəm barbarous:b'ɑrbɝəs barber:b'ɑrbɝ bardolph:b'ɑrdɑlf bare:b'ɛr barefoot:b'ɛrf,ʊt
barely:b'ɛrli bargain:b'ɑrgən bark:b'ɑrk barked:b'ɑrkt baron:b'ærən barren:b'ærən barry:b'æri bars:b'ɑrz base:b'As baseball:b'Asb'ɔl
based:b'Ast basement:b'Asmənt baser:b'Asɝ bases:b'Asəz bashful:b'æʃfəl basic:b'Asɪk basis:b'Asəs basket:b'æskət bass:b'æs bastard:b'æstɝd
bastards:b'æstɝdz bat:b'æt bate:b'At bath:b'æθ bathe:b'Að bathing:b'Aðɪŋ bathroom:b'æθr,um baths:b'æθs bats:b'æts batter:b'ætɝ
battering:b'ætɝɪŋ battery:b'ætɝi battle:b'ætəl battles:b'ætəlz bawd:b'ɔd bawdy:b'ɔdi bay:b'A be:b'i beach:b'iC beads:b'idz beagle:b'igəl
beams:b'imz bear:b'ɛr beard:b'ɪrd beards:b'ɪrdz bearer:b'ɛrɝ bearing:b'ɛrɪŋ bears:b'ɛrz beast:b'ist beastly:b'istl,i beasts:b'ists beat:b'it
beaten:b'itən beating:b'itɪŋ beatrice:b'iətrəs beats:b'its beauties:bj'utiz beautiful:bj'utəfəl beauty:bj'uti became:bɪk'Am because:bɪk'ɔz
beck:b'ɛk beckett:b'ɛkɪt become:bɪk'ʌm becomes:bɪk'ʌmz becoming:bɪk'ʌmɪŋ bed:b'ɛd bedford:b'ɛdfɝd beds:b'ɛdz bee:b'i beef:b'if been:b'ɪn
beer:b'ɪr beers:b'ɪrz bees:b'iz befall:bɪf'ɔl befits:bɪf'ɪts before:bɪf'ɔr befriends:bɪfr'ɛndz beg:b'ɛg began:bɪg'æn beget:bɪg'ɛt
beggar:b'ɛgɝ beggars:b'ɛgɝz begging:b'ɛgɪŋ begin:bɪg'ɪn beginning:bɪg'ɪnɪŋ begins:bɪg'ɪnz begot:big'ɔt begotten:big'ɔtɪn beguile:bɪg'Il
beguiled:bɪg'Ild begun:bɪg'ʌn behalf:bɪh'æf behave:bɪh'Av behavior:bɪh'Avjɝ beheld:bih'ɛld behind:bɪh'Ind behold:bɪh'Old beholding:bɪh'Oldɪŋ
being:b'iɪŋ beings:b'iɪŋz belch:b'ɛlC belching:b'ɛlCɪŋ belied:bɪl'Id belief:bɪl'if beliefs:bɪl'ifs believe:bɪl'iv believed:bɪl'ivd
believes:bɪl'ivz believing:bɪl'ivɪŋ bell:b'ɛl bells:b'ɛlz belly:b'ɛli belong:bɪl'ɔŋ belongs:bɪl'ɔŋz beloved:bɪl'ʌvd below:bɪl'O belt:b'ɛlt
bemoaned:bɪm'Ond ben:b'ɛn bench:b'ɛnC benchley:b'ɛnCli bend:b'ɛnd bending:b'ɛndɪŋ bends:b'ɛndz beneath:bɪn'iθ benedick:b'ɛnədɪk
benefit:b'ɛnəfɪt benefits:b'ɛnəfɪts benjamin:b'ɛnJəmən bennett:b'ɛnət bent:b'ɛnt bequest:bɪkw'ɛst bereft:bɝ'ɛft berkeley:b'ɝkli
bernard:bɝn'ɑrd berra:b'ɛrə berries:b'ɛriz bertrand:b'ɝtrənd beseech:bis'iC beside:bɪs'Id besides:bɪs'Idz besiege:bɪs'iJ best:b'ɛst
bestow:bɪst'O bestowed:bɪst'Od bet:b'ɛt betray:bɪtr'A betraying:bɪtr'Aɪŋ better:b'ɛtɝ bettering:b'ɛtɝɪŋ betters:b'ɛtɝz betty:b'ɛti
between:bɪtw'in betwixt:bitw'ɪkst bevel:b'ɛvəl beware:bɪw'ɛr bewildered:bɪw'ɪldɝd beyond:bɪ'ɑnd bianca:bi'ɑŋkə bias:b'Iəs bible:b'Ibəl
bicycles:b'Isɪkəlz bid:b'ɪd bidding:b'ɪdɪŋ bide:b'Id bids:b'ɪdz bier:b'ir bierce:b'ɪrs big:b'ɪg bigger:b'ɪgɝ biggest:b'ɪgəst bilbo:b'ɪlb,O
bill:b'ɪl billings:b'ɪlɪŋz billion:b'ɪljən billions:b'ɪljənz bills:b'ɪlz billy:b'ɪli bind:b'Ind biography:bI'ɑgrəfi biologists:bI'ɑləJɪsts
biology:bI'ɑləJi bionic:b,I'ɔnɪk bird:b'ɝd birds:b'ɝdz biron:b'Irən birth:b'ɝθ birthday:b'ɝθd,A bishop:b'ɪʃəp bit:b'ɪt bite:b'It bits:b'ɪts
bitten:b'ɪtən bitter:b'ɪtɝ bitterness:b'ɪtɝnəs bizarre:bəz'ɑr black:bl'æk blade:bl'Ad blaise:bl'Az blake:bl'Ak blame:bl'Am blamed:bl'Amd
blank:bl'æŋk blanket:bl'æŋkət blanks:bl'æŋks blast:bl'æst blazing:bl'Azɪŋ bleed:bl'id bleeding:bl'idɪŋ bless:bl'ɛs blessed:bl'ɛst
blesses:bl'ɛsɪz blessing:bl'ɛsɪŋ blessings:bl'ɛsɪŋz blest:bl'ɛst blew:bl'u blind:bl'Ind blindness:bl'Indnəs bliss:bl'ɪs block:bl'ɑk
blocks:bl'ɑks blond:bl'ɑnd blood:bl'ʌd bloods:bl'ʌdz bloody:bl'ʌdi blooms:bl'umz blossom:bl'ɑsəm blossoming:bl'ɑsəmɪŋ blossoms:bl'ɑsəmz
blot:bl'ɑt blots:bl'ɑts blotted:bl'ɑtəd blow:bl'O blowing:bl'Oɪŋ blown:bl'On blows:bl'Oz blue:bl'u blues:bl'uz blunt:bl'ʌnt blunter:bl'ʌntɝ
blunting:bl'ʌntɪŋ blush:bl'ʌʃ blushes:bl'ʌʃəz blushing:bl'ʌʃɪŋ boar:b'ɔr board:b'ɔrd boast:b'Ost boat:b'Ot bob:b'ɑb bobby:b'ɑbi
bodies:b'ɑdiz bodily:b'ɑdəli body:b'ɑdi body's:b'ɑdiz bohemia:bOh'imiə bohr:b'ɔr boil:b'Yl boiling:b'Ylɪŋ boisterous:b'Ystɝəs bold:b'Old
boldly:b'Oldli boldness:b'Oldnəs bolt:b'Olt bomb:b'ɑm bombeck:b'ɑmb,ɛk bombs:b'ɑmz bona:b'Onə bond:b'ɑnd bondage:b'ɑndɪJ bonds:b'ɑndz
bone:b'On bones:b'Onz bonnet:b'ɑnət boo:b'u book:b'ʊk books:b'ʊks boon:b'un boot:b'ut booth:b'uθ boots:b'uts bore:b'ɔr bored:b'ɔrd
boredom:b'ɔrdəm boring:b'ɔrɪŋ born:b'ɔrn borne:b'ɔrn borrow:b'ɑr,O borrowed:b'ɑr,Od borrowing:b'ɑrOɪŋ bosom:b'ʊzəm boss:b'ɑs both:b'Oθ
bother:b'ɑðɝ bothered:b'ɑðɝd bottle:b'ɑtəl bottom:b'ɑtəm bough:b'W boughs:b'Wz bought:b'ɑt bounce:b'Wns bound:b'Wnd boundless:b'Wndləs
bounds:b'Wndz bounty:b'Wnti bow:b'W bowels:b'Wəlz bower:b'Wɝ bowl:b'Ol bowling:b'Olɪŋ bows:b'Wz box:b'ɑks boxes:b'ɑksəz boy:b'Y boy's:b'Yz
boys:b'Yz brace:br'As brad:br'æd bradbury:br'ædb,ɛri bradley:br'ædli brag:br'æg brain:br'An brains:br'Anz brake:br'Ak branch:br'ænC
branches:br'ænCəz brand:br'ænd brands:br'ændz brandy:br'ændi brass:br'æs braun:br'ɔn brave:br'Av bravely:br'Avli braver:br'Avɝ
bravery:br'Avɝi brawl:br'ɔl brawling:br'ɔlɪŋ brazen:br'Azən breach:br'iC bread:br'ɛd breadth:br'ɛdθ break:br'Ak breakfast:br'ɛkfəst
breaking:br'Akɪŋ breaks:br'Aks breast:br'ɛst breasts:br'ɛsts breath:br'ɛθ breathe:br'ið breathed:br'iðd breathes:br'iðz breathing:br'iðɪŋ
brecht:br'ɛkt bred:br'ɛd breed:br'id breeding:br'idɪŋ breeds:br'idz brethren:br'ɛðrən brew:br'u brian:br'Iən bribe:br'Ib bricks:br'ɪks
bride:br'Id bridegroom:br'Idgr,um bridge:br'ɪJ brief:br'if briefly:br'ifli bright:br'It brighter:br'Itɝ brightness:br'Itnəs
brilliant:br'ɪljənt brim:br'ɪm brimstone:br'ɪmstOn bring:br'ɪŋ bringing:br'ɪŋɪŋ brings:br'ɪŋz brinkley:br'ɪŋkli britain:br'ɪtən
british:br'ɪtɪʃ broad:br'ɔd broadcast:br'ɔdk,æst broke:br'Ok broken:br'Okən bronx:br'ɑŋks bronze:br'ɑnz brood:br'ud brook:br'ʊk
brooks:br'ʊks brother:br'ʌðɝ brother's:br'ʌðɝz brotherhood:br'ʌðɝh,ʊd brothers:br'ʌðɝz brought:br'ɔt brow:br'W brown:br'Wn brows:br'Wz
bruce:br'us bruised:br'uzd brush:br'ʌʃ brutus:br'utəs bryan:br'Iən bs:b,i'ɛs bubbles:b'ʌbəlz buck:b'ʌk bucket:b'ʌkət buckingham:b'ʌkɪŋh,æm
buckley:b'ʌkli buckminster:b'ʌkm,ɪnstɝ bud:b'ʌd budding:b'ʌdɪŋ budget:b'ʌJɪt buds:b'ʌdz bug:b'ʌg bugs:b'ʌgz build:b'ɪld builders:b'ɪldɝz
building:b'ɪldɪŋ buildings:b'ɪldɪŋz builds:b'ɪldz built:b'ɪlt bulb:b'ʌlb bulk:b'ʌlk bull:b'ʊl bullets:b'ʊləts bulls:b'ʊlz
bullwinkle:b'ʊlw,ɪŋkəl bully:b'ʊli bum:b'ʌm bunch:b'ʌnC bundle:b'ʌndəl bunny:b'ʌni burden:b'ɝdən bureaucracy:bjʊr'ɑkrəsi burger:b'ɝgɝ
burgundy:b'ɝgəndi burial:b'ɛriəl buried:b'ɛrid burke:b'ɝk burn:b'ɝn burned:b'ɝnd burning:b'ɝnɪŋ burns:b'ɝnz burnt:b'ɝnt burst:b'ɝst
bursts:b'ɝsts burton:b'ɝtən bury:b'ɛri bus:b'ʌs bush:b'ʊʃ bushes:b'ʊʃəz bushy:b'ʊʃi business:b'ɪznəs businesses:b'ɪznəsəz busy:b'ɪzi
but:b'ʌt butcher:b'ʊCɝ butler:b'ʌtlɝ butt:b'ʌt butter:b'ʌtɝ buttered:b'ʌtɝd butterfly:b'ʌtɝfl,I button:b'ʌtən buy:b'I buying:b'Iɪŋ buys:b'Iz
buzz:b'ʌz buzzed:b'ʌzd by:b'I byzantium:bəz'æntiəm c:s'i cabbage:k'æbəJ cabin:k'æbən cabinet:k'æbənət cable:k'Abəl cade:k'Ad caesar:s'izɝ
caesar's:s'izɝz cage:k'AJ cairn:k'ɛrn cake:k'Ak cal:k'æl calais:kəl'A calamity:kəl'æməti calculate:k'ælkjəl,At calculations:k,ælkjəl'Aʃənz
calendar:k'æləndɝ calf:k'æf california:k,æləf'ɔrnjə call:k'ɔl called:k'ɔld calling:k'ɔlɪŋ calls:k'ɔlz calm:k'ɑm calmly:k'ɑmli
calories:k'ælɝiz calves:k'ævz calvin:k'ælvən cambridge:k'AmbrɪJ came:k'Am camel:k'æməl camera:k'æmɝə camillo:kəm'ɪlO camp:k'æmp
campaign:kæmp'An camus:k'æmɪs can:k'æn can't:k'ænt canada:k'ænədə cancel:k'ænsəl cancer:k'ænsɝ candidate:k'ændədAt candle:k'ændəl
candles:k'ændəlz candy:k'ændi canker:k'æŋkɝ cannon:k'ænən cannot:k'ænɑt canopy:k'ænəpi cans:k'ænz canterbury:k'æntɝb,ɛri canyon:k'ænjən
cap:k'æp capability:k,Apəb'ɪləti capable:k'Apəbəl capacity:kəp'æsəti cape:k'Ap capital:k'æpətəl capitalism:k'æpɪtəl,ɪzəm capitol:k'æpɪtəl
caps:k'æps captain:k'æptən captains:k'æptənz captive:k'æptɪv capulet:k'æpul,ɛt car:k'ɑr carbon:k'ɑrbən card:k'ɑrd cardinal:k'ɑrdənəl
cardinal's:k'ɑrdənəlz cards:k'ɑrdz care:k'ɛr cared:k'ɛrd career:kɝ'ɪr careful:k'ɛrfəl carefully:k'ɛrfəli careless:k'ɛrləs
carelessly:k'ɛrləsli cares:k'ɛrz carl:k'ɑrl carlin:k'ɑrlɪn carlyle:k'ɑrl,Il carmen:k'ɑrmən carp:k'ɑrp carpenter:k'ɑrpəntɝ carpet:k'ɑrpət
carpets:k'ɑrpəts carriage:k'ærɪJ carried:k'ærid carries:k'æriz carrion:k'ɛriən carroll:k'ærəl carry:k'æri carrying:k'æriɪŋ cars:k'ɑrz
carson:k'ɑrsən cart:k'ɑrt cartoon:kɑrt'un carve:k'ɑrv carved:k'ɑrvd casablanca:k,æsəbl'æŋkə case:k'As cases:k'Asəz casey:k'Asi cash:k'æʃ
cast:k'æst casting:k'æstɪŋ castle:k'æsəl casts:k'æsts casual:k'æʒəwəl cat:k'æt catch:k'æC catcher:k'æC,ɝ catchers:k'æC,ɝz catching:k'æCɪŋ
catholic:k'æθlɪk catholics:k'æθlɪks cato:k'AtO cats:k'æts caught:k'ɑt cause:k'ɑz caused:k'ɑzd causes:k'ɑzəz caution:k'ɑʃən cautious:k'ɔʃəs
cave:k'Av cavern:k'ævɝn cease:s'is celebrate:s'ɛləbr,At celestial:səl'ɛsCəl cell:s'ɛl cells:s'ɛlz censure:s'ɛnʃɝ cent:s'ɛnt
centauri:sɛnt'ɑri center:s'ɛntɝ centers:s'ɛntɝz central:s'ɛntrəl centre:s'ɛntɝ cents:s'ɛnts centuries:s'ɛnCɝiz century:s'ɛnCɝi ceo:s'i,i'O
cereal:s'ɪriəl ceremony:s'ɛrəm,Oni cerf:s'ɝf certain:s'ɝtən certainly:s'ɝtənli certainty:s'ɝtənti cervantes:sɛrv'ɑntɛs cesario:Cɛs'ɑriO
chaff:C'æf chain:C'An chains:C'Anz chair:C'ɛr chairman:C'ɛrmən chairs:C'ɛrz challenge:C'ælənJ challenged:C'ælənJd challenging:C'ælənJɪŋ
chamber:C'Ambɝ chamberlain:C'Ambɝlən chambers:C'Ambɝz champion:C'æmpiən chance:C'æns chanced:C'ænst chances:C'ænsəz chandler:C'ændlɝ
change:C'AnJ changed:C'AnJd changes:C'AnJəz changing:C'AnJɪŋ channel:C'ænəl chaos:k'Aɑs chapter:C'æptɝ character:k'ɛrɪktɝ
characteristic:k,ɛrəktɝ'ɪstɪk characters:k'ærəktɝz charge:C'ɑrJ charged:C'ɑrJd charges:C'ɑrJəz charitable:C'ærətəbəl charity:C'ɛrɪti
charles:C'ɑrlz charlie:C'ɑrli charm:C'ɑrm charmian:C'ɑrmiən charms:C'ɑrmz charter:C'ɑrtɝ chary:C'ɑri chase:C'As chased:C'Ast chaste:C'Ast
chastity:C'æstəti chat:C'æt cheap:C'ip cheaper:C'ipɝ cheat:C'it cheated:C'itəd cheater:C'itɝ cheating:C'itɪŋ check:C'ɛk checked:C'ɛkt
cheek:C'ik cheeks:C'iks cheer:C'ɪr cheered:C'ɪrd cheerful:C'ɪrfəl cheerfully:C'ɪrfəli cheers:C'ɪrz cheese:C'iz chemical:k'ɛməkəl
chemist:k'ɛmɪst chemistry:k'ɛməstri chemists:k'ɛməsts cheque:C'ɛk cherish:C'ɛrɪʃ cherries:C'ɛriz cherry:C'ɛri chess:C'ɛs chest:C'ɛst
chesterton:C'ɛstɝtən chewing:C'uɪŋ chicago:ʃək'ɑg,O chicken:C'ɪkən chide:C'Id chiding:C'Idɪŋ chief:C'if child:C'Ild child's:C'Ildz
childhood:C'Ildh,ʊd childish:C'Ildɪʃ children:C'ɪldrən children's:C'ɪldrənz chill:C'ɪl chimney:C'ɪmni chimp:C'ɪmp chin:C'ɪn china:C'Inə
chinese:CIn'iz chip:C'ɪp chips:C'ɪps chiron:C'Irən chivalry:ʃ'ɪvəlri chocolate:C'ɔklət choice:C'Ys choices:C'Ysəz choirs:kw'Irz choke:C'Ok
choked:C'Okt choose:C'uz choosing:C'uzɪŋ chop:C'ɑp chose:C'Oz chosen:C'Ozən christ:kr'Ist christendom:kr'ɪsəndəm christian:kr'ɪsCən
christianity:kr,ɪsCi'ænɪti christians:kr'ɪsCənz christmas:kr'ɪsməs christopher:kr'ɪstəfɝ chronicle:kr'ɑnɪkəl chronicles:kr'ɑnɪkəlz
chuang:C'æŋ chuck:C'ʌk church:C'ɝC churchill:C'ɝCɪl churchyard:C'ɝCj,ɑrd churlish:C'ɝlɪʃ cicero:s'ɪsɝ,O cigars:sɪg'ɑrz circle:s'ɝkəl
circles:s'ɝkəlz circuit:s'ɝkət circuits:s'ɝkəts circumstance:s'ɝkəmst,æns circumstances:s'ɝkəmst,ænsəz circus:s'ɝkəs cistern:s'ɪstɝn
cities:s'ɪtiz citizen:s'ɪtəzən citizens:s'ɪtəzənz city:s'ɪti civil:s'ɪvəl civilization:s,ɪvəlɪz'Aʃən civilized:s'ɪvəl,Izd claim:kl'Am
claimed:kl'Amd claiming:kl'Amɪŋ claims:kl'Amz clamour:kl'æmɝ clanging:kl'æŋɪŋ clap:kl'æp clarence:kl'ɛrəns clark:kl'ɑrk clarke:kl'ɑrk
clash:kl'æʃ class:kl'æs classes:kl'æsəz classified:kl'æsəf,Id classroom:kl'æsr,um claudio:kl'ɔdi,O claus:kl'ɔz clauses:kl'ɔzəz claw:kl'ɔ
clay:kl'A clean:kl'in cleaning:kl'inɪŋ clear:kl'ɪr clearer:kl'ɪrɝ clearly:kl'ɪrli clears:kl'ɪrz cleopatra:kl,iəp'ætrə clerk:kl'ɝk
clerks:kl'ɝks cleveland:kl'ivlənd clever:kl'ɛvɝ client:kl'Iənt cliff:kl'ɪf clifford:kl'ɪfɝd clifton:kl'ɪftən climate:kl'Imət climb:kl'Im
climbed:kl'Imd climbing:kl'Imɪŋ cling:kl'ɪŋ clinging:kl'ɪŋɪŋ clint:kl'ɪnt clip:kl'ɪp clive:kl'Iv cloak:kl'Ok clock:kl'ɑk clocks:kl'ɑks
clog:kl'ɑg close:kl'Os closed:kl'Ozd closely:kl'Osli closer:kl'Osɝ closes:kl'Ozɪz closest:kl'Osəst closet:kl'ɑzət closure:kl'Oʒɝ cloth:kl'ɔθ
clothes:kl'Oðz clothing:kl'Oðɪŋ cloud:kl'Wd clouds:kl'Wdz cloudy:kl'Wdi clown:kl'Wn cloying:kl'Yɪŋ club:kl'ʌb clubs:kl'ʌbz co:k'O coach:k'OC
coal:k'Ol coals:k'Olz coarse:k'ɔrs coast:k'Ost coat:k'Ot coats:k'Ots coca:k'Okə cock:k'ɑk cocks:k'ɑks code:k'Od coffee:k'ɑfi coffin:k'ɔfɪn
cohen:k'Oən coin:k'Yn coincidence:kO'ɪnsɪdəns coke:k'Ok cola:k'Olə cold:k'Old coldly:k'Oldli collapse:kəl'æps collar:k'ɑlɝ collect:kəl'ɛkt
collected:kəl'ɛktəd collecting:kəl'ɛktɪŋ collection:kəl'ɛkʃən college:k'ɑlɪJ colleges:k'ɑlɪJɪz color:k'ʌlɝ colored:k'ʌlɝd colors:k'ʌlɝz
colour:k'ʌlɝ colours:k'ʌlɝz column:k'ɑləm com:k'ɑm combat:k'ɑmbæt combination:k,ɑmbən'Aʃən combine:k'ɑmbIn combined:kəmb'Ind
combustion:kəmb'ʌsCən come:k'ʌm comedian:kəm'idiən comedian's:kəm'idiənz comedy:k'ɑmədi comes:k'ʌmz comfort:k'ʌmfɝt comfortable:k'ʌmfɝtəbəl
comforters:k'ʌmfɝtɝz comforts:k'ʌmfɝts comic:k'ɑmɪk comics:k'ɑmɪks coming:k'ʌmɪŋ command:kəm'ænd commanded:kəm'ændɪd commander:kəm'ændɝ
commanding:kəm'ændɪŋ commandment:kəm'ændmənt commandments:kəm'ændmənts commands:kəm'ændz commence:kəm'ɛns commenced:kəm'ɛnst commend:kəm'ɛnd
commends:kəm'ɛndz comment:k'ɑmɛnt commented:k'ɑmɛntəd commenting:k'ɑmɛntɪŋ comments:k'ɑmɛnts commerce:k'ɑmɝs commercial:kəm'ɝʃəl
commission:kəm'ɪʃən commissioner:kəm'ɪʃənɝ commit:kəm'ɪt commits:kəm'ɪts committed:kəm'ɪtɪd committee:kəm'ɪti commodity:kəm'ɑdəti
common:k'ɑmən commonly:k'ɑmənli commons:k'ɑmənz commonwealth:k'ɑmənw,ɛlθ communicate:kəmj'unək,At communication:kəmj,unək'Aʃən
communist:k'ɑmjənəst community:kəmj'unəti comp:k'ɑmp compact:k'ɑmpækt companies:k'ʌmpən,iz companion:kəmp'ænjən companions:kəmp'ænjənz
company:k'ʌmpən,i compare:kəmp'ɛr compared:kəmp'ɛrd compass:k'ʌmpəs compassion:kəmp'æʃən compatible:kəmp'ætəbəl compensation:k,ɑmpəns'Aʃən
compete:kəmp'it competent:k'ɑmpətɪnt competition:k,ɑmpət'ɪʃən compile:kəmp'Il compiled:kəmp'Ild complain:kəmpl'An complained:kəmpl'And
complaint:kəmpl'Ant complete:kəmpl'it completely:kəmpl'itli complex:k'ɑmplɛks complexion:kəmpl'ɛkʃən complexity:kəmpl'ɛksəti
complicated:k'ɑmplək,Atəd compliment:k'ɑmpləmɛnt component:kəmp'Onənt components:kəmp'Onənts compose:kəmp'Oz composed:kəmp'Ozd
composer:kəmp'Ozɝ composition:k,ɑmpəz'ɪʃən compound:k'ɑmpWnd compounded:kəmp'Wndəd compounds:k'ɑmpWndz comprehension:k,ɑmprih'ɛnʃən
compromise:k'ɑmprəm,Iz compulsion:kəmp'ʌlʃən computer:kəmpj'utɝ computers:kəmpj'utɝz con:k'ɑn conan:k'Onən conceal:kəns'il
concealed:kəns'ild conceit:kəns'it conceivable:kəns'ivəbəl conceive:kəns'iv conceived:kəns'ivd concentration:k,ɑnsəntr'Aʃən
concentrations:k,ɑnsəntr'Aʃənz concept:k'ɑnsɛpt conception:kəns'ɛpʃən concepts:k'ɑnsɛpts conceptual:kəns'ɛpCuəl concern:kəns'ɝn
concerned:kəns'ɝnd concerning:kəns'ɝnɪŋ concerns:kəns'ɝnz concert:k'ɑnsɝt conclude:kənkl'ud concluded:kənkl'udəd conclusion:kənkl'uʒən
conclusions:kənkl'uʒənz concord:k'ɑnk,ɔrd condemn:kənd'ɛm condemned:kənd'ɛmd condition:kənd'ɪʃən conditions:kənd'ɪʃənz conduct:k'ɑndəkt
conducted:kənd'ʌktəd conductor:kənd'ʌktɝ confer:kənf'ɝ conference:k'ɑnfɝəns confess:kənf'ɛs confession:kənf'ɛʃən confidence:k'ɑnfədəns
confident:k'ɑnfədənt confine:kənf'In confined:kənf'Ind confines:k'ɑnf,Inz confirm:kənf'ɝm confirmatory:kənf'ɝmət,ɔri
conflagration:k,ɑnfləgr'Aʃən conflict:k'ɑnflɪkt confound:kɑnf'Wnd confounded:kənf'Wndɪd confounding:kənf'Wndɪŋ confounds:kənf'Wndz
confucius:kənfj'uʃəs confuse:kənfj'uz confused:kənfj'uzd confusing:kənfj'uzɪŋ confusion:kənfj'uʒən congratulations:kəngr,æCəl'Aʃənz
congress:k'ɑŋgrəs conjecture:kənJ'ɛkCɝ conjunction:kənJ'ʌŋkʃən conjure:k'ɑnJɝ connected:kən'ɛktɪd connection:kən'ɛkʃən connery:k'ɑnɝi
connolly:k'ɔnəli conquer:k'ɑŋkɝ conquered:k'ɑŋkɝd conquering:k'ɑŋkɝɪŋ conqueror:k'ɑŋkɝɝ conquest:k'ɑŋkwɛst conscience:k'ɑnʃəns
conscious:k'ɑnʃəs consciousness:k'ɑnʃəsnəs consecrate:k'ɑnsəkr,At consent:kəns'ɛnt consequence:k'ɑnsəkwəns consequences:k'ɑnsəkw,ɛnsəz
consider:kəns'ɪdɝ considerable:kəns'ɪdɝəbəl consideration:kəns,ɪdɝ'Aʃən considered:kəns'ɪdɝd considers:kəns'ɪdɝz consist:kəns'ɪst
consistent:kəns'ɪstənt consists:kəns'ɪsts consort:kəns'ɔrt conspiracy:kənsp'ɪrəsi conspire:kənsp'Iɝ conspired:kənsp'Iɝd
conspiring:kənsp'Irɪŋ constable:k'ɑnstəbəl constancy:k'ɑnstənsi constant:k'ɑnstənt constantly:k'ɑnstəntli constitution:k,ɑnstət'uʃən
constitutional:k,ɑnstət'uʃənəl construct:kənstr'ʌkt construction:kənstr'ʌkʃən constructive:kənstr'ʌktɪv construe:kənstr'u consul:k'ɑnsəl
consume:kəns'um consumed:kəns'umd consumer:kəns'umɝ consuming:kəns'umɪŋ contact:k'ɑnt,ækt contagion:kənt'AJən contagious:kənt'AJəs
contain:kənt'An containing:kənt'Anɪŋ contains:kənt'Anz contemplation:k,ɑntəmpl'Aʃən contemporary:kənt'ɛmpɝ,ɛri contempt:kənt'ɛmpt
contemptuous:kənt'ɛmpCuəs contend:kənt'ɛnd content:k'ɑntɛnt contented:kənt'ɛntəd contents:k'ɑntɛnts contest:k'ɑntɛst continent:k'ɑntənənt
continual:kənt'ɪnjuəl continue:kənt'ɪnju continued:kənt'ɪnjud continues:kənt'ɪnjuz continuing:kənt'ɪnjuɪŋ contract:k'ɑntr,ækt
contracted:k'ɑntræktəd contradict:k,ɑntrəd'ɪkt contradiction:k,ɑntrəd'ɪkʃən contradictions:k,ɑntrəd'ɪkʃənz contradictory:k,ɑntrəd'ɪktɝi
contrary:k'ɑntrɛri contrast:k'ɑntræst contributing:kəntr'ɪbjutɪŋ contribution:k,ɑntrəbj'uʃən contrived:kəntr'Ivd control:kəntr'Ol
controlled:kəntr'Old controlling:kəntr'Olɪŋ controls:kəntr'Olz convenience:kənv'injəns convenient:kənv'injənt convention:kənv'ɛnʃən
conventional:kənv'ɛnʃənəl conversation:k,ɑnvɝs'Aʃən converse:k'ɑnvɝs conversely:k'ɑnvɝsli conversion:kənv'ɝʒən convert:k'ɑnvɝt
converted:kənv'ɝtɪd convey:kənv'A convicted:kənv'ɪktəd conviction:kənv'ɪkʃən convince:kənv'ɪns convinced:kənv'ɪnst cook:k'ʊk cooke:k'ʊk
cooked:k'ʊkt cookie:k'ʊki cooking:k'ʊkɪŋ cool:k'ul coolidge:k'ulɪJ cools:k'ulz cooper:k'upɝ cope:k'Op copernican:kəp'ɝnəkən copper:k'ɑpɝ
cops:k'ɑps copy:k'ɑpi coral:k'ɔrəl cordelia:k,ɔrd'il,iə cordial:k'ɔrJəl cords:k'ɔrdz core:k'ɔr corinth:k'ɔrənθ corn:k'ɔrn corner:k'ɔrnɝ
corners:k'ɔrnɝz cornwall:k'ɔrnwɔl corollary:k'ɔrəl,ɛri coronation:k,ɔrən'Aʃən corporal:k'ɔrpɝəl corporate:k'ɔrpɝət corporation:k,ɔrpɝ'Aʃən
corpse:k'ɔrps correct:kɝ'ɛkt correcting:kɝ'ɛktɪŋ correction:kɝ'ɛkʃən correctly:kɝ'ɛktli correspondence:k,ɔrəsp'ɑndəns corridor:k'ɔrədɝ
corrupt:kɝ'ʌpt corrupted:kɝ'ʌptɪd corrupting:kɝ'ʌptɪŋ corruption:kɝ'ʌpʃən corrupts:kɝ'ʌpts corse:k'ɔrs cosmic:k'ɑzmɪk cosmology:kɔzm'ɔləJi
cost:k'ɑst costello:k,ɔst'ɛlO costly:k'ɑstli costs:k'ɑsts cottage:k'ɑtəJ couch:k'WC could:k'ʊd couldn't:k'ʊdənt council:k'Wnsəl
counsel:k'Wnsəl counsellor:k'Wnsəlɝ counsels:k'Wnsəlz count:k'Wnt counted:k'Wntɪd countenance:k'Wntənəns counter:k'Wntɝ
counterfeit:k'Wntɝf,ɪt counterpart:k'Wntɝp,ɑrt countess:k'Wntəs counting:k'Wntɪŋ countries:k'ʌntriz country:k'ʌntri country's:k'ʌntriz
countryman:k'ʌntrimən countrymen:k'ʌntrimɪn countryside:k'ʌntris,Id counts:k'Wnts county:k'Wnti couple:k'ʌpəl courage:k'ɝəJ
courageous:kɝ'AJəs course:k'ɔrs courses:k'ɔrsəz court:k'ɔrt courteous:k'ɝtiəs courtesy:k'ɝtəsi courtier:k'ɔrtiɝ courtiers:k'ɔrtiɝz
courts:k'ɔrts courtship:k'ɔrC,ɪp cousin:k'ʌzən cousins:k'ʌzənz covenant:k'ʌvənənt cover:k'ʌvɝ covered:k'ʌvɝd covers:k'ʌvɝz cow:k'W
coward:k'Wɝd cowardice:k'Wɝdəs cowardly:k'Wɝdli cowards:k'Wɝdz cowboy:k'Wb,Y cows:k'Wz coz:k'ɑz crab:kr'æb crack:kr'æk cracked:kr'ækt
crackers:kr'ækɝz cradle:kr'Adəl craft:kr'æft crane:kr'An crap:kr'æp crash:kr'æʃ crave:kr'Av craves:kr'Avz crawl:kr'ɔl crawling:kr'ɔlɪŋ
crawls:kr'ɔlz crazed:kr'Azd crazy:kr'Azi cream:kr'im create:kri'At created:kri'Atəd creates:kri'Ats creating:kri'Atɪŋ creation:kri'Aʃən
creationism:kri'Aʃən,ɪzəm creative:kri'Atɪv creativity:kr,iAt'ɪvəti creator:kri'Atɝ creature:kr'iCɝ creatures:kr'iCɝz
credibility:kr,ɛdəb'ɪlɪti credit:kr'ɛdət credulous:kr'ɛJələs creed:kr'id creep:kr'ip crept:kr'ɛpt crest:kr'ɛst crests:kr'ɛsts crew:kr'u
cried:kr'Id cries:kr'Iz crime:kr'Im crimes:kr'Imz criminal:kr'ɪmənəl crimson:kr'ɪmzən crisis:kr'Isəs crisp:kr'ɪsp critic:kr'ɪtɪk
critical:kr'ɪtɪkəl criticism:kr'ɪtɪs,ɪzəm criticize:kr'ɪtɪs,Iz critics:kr'ɪtɪks crocodile:kr'ɑkəd,Il cromwell:kr'ɑmwəl crooked:kr'ʊkəd
crop:kr'ɑp crops:kr'ɑps cross:kr'ɔs crossed:kr'ɔst crossing:kr'ɔsɪŋ crow:kr'O crowd:kr'Wd crowded:kr'Wdəd crowed:kr'Od crown:kr'Wn
crowned:kr'Wnd crowning:kr'Wnɪŋ crowns:kr'Wnz crows:kr'Oz crude:kr'ud cruel:kr'uəl cruelties:kr'ultiz cruelty:kr'ulti crushed:kr'ʌʃt
crust:kr'ʌst crutch:kr'ʌC cry:kr'I crying:kr'Iɪŋ crystal:kr'ɪstəl cuckoo:k'ʌk,u cudgel:k'ʌJəl cue:kj'u culture:k'ʌlCɝ cunning:k'ʌnɪŋ
cup:k'ʌp cupid:kj'upɪd cups:k'ʌps cur:k'ɝ curb:k'ɝb cure:kj'ʊr cured:kj'ʊrd cures:kj'ʊrz curiosity:kj,ʊri'ɑsəti curious:kj'ʊriəs curls:k'ɝlz
current:k'ɝənt currently:k'ɝəntli curse:k'ɝs cursed:k'ɝst curses:k'ɝsɪz curtain:k'ɝtən curtains:k'ɝtənz curtis:k'ɝtəs curve:k'ɝv
custom:k'ʌstəm customary:k'ʌstəm,ɛri customer:k'ʌstəmɝ customers:k'ʌstəmɝz cut:k'ʌt cuts:k'ʌts cutting:k'ʌtɪŋ cycle:s'Ikəl cyprus:s'Iprəs
d:d'i da:d'ɑ dad:d'æd daffodil:d'æfəd,ɪl daffy:d'æfi dagger:d'ægɝ daggers:d'ægɝz daily:d'Ali dainty:d'Anti dallas:d'æləs dam:d'æm
damage:d'æməJ damaged:d'æməJd dame:d'Am damn:d'æm damnation:dæmn'Aʃən damned:d'æmd dan:d'æn dance:d'æns dancer:d'ænsɝ dances:d'ænsəz
dancing:d'ænsɪŋ dane:d'An danger:d'AnJɝ dangerous:d'AnJɝəs dangers:d'AnJɝz daniel:d'ænjəl dare:d'ɛr dared:d'ɛrd dares:d'ɛrz daring:d'ɛrɪŋ
dark:d'ɑrk darkening:d'ɑrkənɪŋ darkly:d'ɑrkli darkness:d'ɑrknəs darling:d'ɑrlɪŋ darrow:d'ɛrO dart:d'ɑrt darth:d'ɑrθ darwin:d'ɑrwɪn das:d'æs
dash:d'æʃ dashing:d'æʃɪŋ dat:d'æt data:d'Atə date:d'At dates:d'Ats daughter:d'ɔtɝ daughter's:d'ɔtɝz daughters:d'ɔtɝz dauphin:d'Wfɪn
dave:d'Av david:d'Avɪd davis:d'Avəs davy:d'Avi dawn:d'ɔn day:d'A day's:d'Az daylight:d'Al,It days:d'Az dazed:d'Azd de:d'i dead:d'ɛd
deadly:d'ɛdli deaf:d'ɛf deal:d'il dealing:d'ilɪŋ deals:d'ilz dealt:d'ɛlt dean:d'in dear:d'ɪr dearer:d'ɪrɝ dearest:d'ɪrəst dearly:d'ɪrli
dearth:d'ɝθ death:d'ɛθ death's:d'ɛθs deaths:d'ɛθs debate:dəb'At debt:d'ɛt debtor:d'ɛtɝ debts:d'ɛts debugging:dib'ʌgɪŋ decay:dɪk'A
decaying:dɪk'Aɪŋ decays:dək'Az decease:dɪs'is deceased:dɪs'ist deceit:dəs'it deceive:dɪs'iv deceived:dɪs'ivd deceiving:dɪs'ivɪŋ
december:dɪs'ɛmbɝ december's:dɪs'ɛmbɝz decent:d'isənt decide:d,ɪs'Id decided:d,ɪs'Idɪd decides:d,ɪs'Idz decision:dɪs'ɪʒən
decisions:dɪs'ɪʒənz deck:d'ɛk declare:dɪkl'ɛr declared:dɪkl'ɛrd decline:dɪkl'In declines:dɪkl'Inz decrease:dɪkr'is decree:dɪkr'i
decrees:dɪkr'iz decrepit:dəkr'ɛpɪt dedicated:d'ɛdəkAtəd dee:d'i deed:d'id deeds:d'idz deem:d'im deemed:d'imd deep:d'ip deeper:d'ipɝ
deepest:d'ipəst deeply:d'ipli deer:d'ɪr deface:dɪf'As defaced:dɪf'Ast defeat:dɪf'it defeated:dɪf'itəd defect:d'ifɛkt defected:dɪf'ɛktɪd
defective:dɪf'ɛktɪv defects:d'ifɛkts defence:dɪf'ɛns defend:dɪf'ɛnd defendant:dɪf'ɛndənt defense:dɪf'ɛns defiance:dɪf'Iəns define:dɪf'In
defined:dɪf'Ind defines:dɪf'Inz definitely:d'ɛfənətli definition:d,ɛfən'ɪʃən deformed:dɪf'ɔrmd defy:dɪf'I degree:dɪgr'i degrees:dɪgr'iz
deity:d'iəti deja:d'iJə delay:dɪl'A deliberate:dɪl'ɪbɝət delicate:d'ɛləkət delight:dɪl'It delighted:dɪl'Itəd delightful:dɪl'Itfəl
delights:dɪl'Its deliver:dɪl'ɪvɝ deliverance:dɪl'ɪvɝəns delivered:dɪl'ɪvɝd delivers:dɪl'ɪvɝz delta:d'ɛltə delusion:dɪl'uʒən delves:d'ɛlvz
demagogue:d'ɛməg,ɑg demand:dɪm'ænd demanded:dɪm'ændəd demands:dɪm'ændz demetrius:dɪm'itriəs democracy:dɪm'ɑkrəsi democratic:d,ɛməkr'ætɪk
democrats:d'ɛməkr,æts demonstrate:d'ɛmənstr,At demonstrated:d'ɛmənstr,Atɪd den:d'ɛn denied:dɪn'Id denies:dɪn'Iz denmark:d'ɛnm,ɑrk
dennis:d'ɛnɪs dennison:d'ɛnɪsən denote:dɪn'Ot dent:d'ɛnt deny:dɪn'I denying:dɪn'Iɪŋ depart:dɪp'ɑrt department:dɪp'ɑrtmənt departure:dɪp'ɑrCɝ
depend:dɪp'ɛnd depended:dɪp'ɛndəd depends:dɪp'ɛndz deposed:dɪp'Ozd depree:dɪpr'i depressed:dɪpr'ɛst depression:dɪpr'ɛʃən deprived:dɪpr'Ivd
depth:d'ɛpθ depths:d'ɛpθs deputy:d'ɛpjəti derby:d'ɝbi derive:dɝ'Iv derived:dɝ'Ivd descartes:dAk'ɑrt descend:dɪs'ɛnd descended:dɪs'ɛndəd
descent:dɪs'ɛnt describe:dɪskr'Ib described:dɪskr'Ibd description:dɪskr'ɪpʃən descriptions:dɪskr'ɪpʃənz desert:d'ɛzɝt deserts:d'ɛzɝts
deserve:dɪz'ɝv deserved:dɪz'ɝvd deserves:dɪz'ɝvz deserving:dɪz'ɝvɪŋ design:dɪz'In designed:dɪz'Ind designer:dɪz'Inɝ designs:dɪz'Inz
desire:dɪz'Iɝ desired:dɪz'Iɝd desires:dɪz'Iɝz desiring:dɪz'Iɝɪŋ desk:d'ɛsk desolate:d'ɛsələt desolation:d,ɛsəl'Aʃən despair:dɪsp'ɛr
despairing:dɪsp'ɛrɪŋ desperate:d'ɛsprɪt desperately:d'ɛspɝətli despise:dɪsp'Iz despised:dɪsp'Izd despising:dɪsp'Izɪŋ despite:dɪsp'It
dessert:dɪz'ɝt destination:d,ɛstən'Aʃən destinies:d'ɛstəniz destiny:d'ɛstəni destroy:dɪstr'Y destroyed:dɪstr'Yd destroys:dɪstr'Yz
destruction:dɪstr'ʌkʃən details:dɪt'Alz detain:dɪt'An detection:dɪt'ɛkʃən determinate:dɪt'ɝmən,At determination:dɪt,ɝmən'Aʃən
determine:dət'ɝmən determined:dɪt'ɝmənd detest:dɪt'ɛst detested:dɪt'ɛstɪd develop:dɪv'ɛləp developed:dɪv'ɛləpt development:dɪv'ɛləpmənt
device:dɪv'Is devices:dɪv'Isəz devil:d'ɛvəl devil's:d'ɛvəlz devilish:d'ɛvlɪʃ devils:d'ɛvəlz devise:dɪv'Iz devised:dɪv'Izd devote:dɪv'Ot
devoted:dɪv'Otɪd devotion:dɪv'Oʃən devour:dɪv'Wɝ devoured:dɪv'Wɝd devouring:dɪv'Wɝɪŋ devout:dɪv'Wt dew:d'u dews:d'uz diadem:d'Iəd,ɛm
diagnostics:d,Iəgn'ɑstɪks dial:d'Iəl dial's:d'Iəlz diamond:d'Imənd diamonds:d'Iməndz dian:d'Iən diana:dI'ænə dice:d'Is dick:d'ɪk
dickens:d'ɪkənz dictionary:d'ɪkʃən,ɛri did:d'ɪd didn't:d'ɪdənt die:d'I died:d'Id dies:d'Iz diet:d'Iət differ:d'ɪfɝ difference:d'ɪfɝəns
differences:d'ɪfɝənsɪz different:d'ɪfɝənt differs:d'ɪfɝz difficult:d'ɪfəkəlt difficulties:d'ɪfəkəltiz difficulty:d'ɪfəkəlti dig:d'ɪg
digest:dIJ'ɛst dignified:d'ɪgnəf,Id dignity:d'ɪgnəti dill:d'ɪl dim:d'ɪm dime:d'Im dimension:dɪm'ɛnʃən dimensional:dɪm'ɛnʃənəl
dimensions:dɪm'ɛnʃənz dine:d'In dined:d'Ind dinner:d'ɪnɝ dinosaurs:d'Inəs,ɔrz dip:d'ɪp diplomacy:dɪpl'Oməsi dips:d'ɪps dire:d'Ir
direct:dɝ'ɛkt directed:dɝ'ɛktəd direction:dɝ'ɛkʃən directions:dɝ'ɛkʃənz directly:dɝ'ɛktli director:dɝ'ɛktɝ dirt:d'ɝt dirty:d'ɝti
disabled:dɪs'Abəld disadvantage:d,ɪsədv'æntɪJ disagree:dɪsəgr'i disappear:d,ɪsəp'ɪr disappointed:d,ɪsəp'Yntɪd disaster:dɪz'æstɝ
disastrous:dɪz'æstrəs discarded:dɪsk'ɑrdɪd discerning:dɪs'ɝnɪŋ discharge:dɪsC'ɑrJ discharged:dɪsC'ɑrJd disciple:dɪs'Ipəl
discipline:d'ɪsəplən discloses:dɪskl'Ozɪz discoloration:dɪsk,ʌlɝ'Aʃən discontent:dɪskənt'ɛnt discontented:d,ɪskənt'ɛntɪd discord:d'ɪskɔrd
discourse:d'ɪskɔrs discover:dɪsk'ʌvɝ discovered:dɪsk'ʌvɝd discoverer:dɪsk'ʌvɝɝ discoveries:dɪsk'ʌvɝiz discovers:dɪsk'ʌvɝz
discovery:dɪsk'ʌvɝi discretion:dɪskr'ɛʃən discuss:dɪsk'ʌs discusses:dɪsk'ʌsəz discussing:dɪsk'ʌsɪŋ discussion:dɪsk'ʌʃən disdain:dɪsd'An
disdains:dɪsd'Anz disease:dɪz'iz diseased:dɪz'izd diseases:dɪz'izəz disgrace:dɪsgr'As disgraced:dɪsgr'Ast disguise:dɪsg'Iz
disguised:dɪsg'Izd dish:d'ɪʃ dishes:d'ɪʃəz dishonest:dɪs'ɑnəst dishonesty:dɪs'ɑnəsti disk:d'ɪsk dislike:dɪsl'Ik dismal:d'ɪzməl
dismiss:dɪsm'ɪs disney:d'ɪzni disobedience:d,ɪsəb'idiəns dispatch:dɪsp'æC dispense:dɪsp'ɛns disperse:dɪsp'ɝs dispersed:dɪsp'ɝst
display:dɪspl'A displeasure:dɪspl'ɛʒɝ dispose:dɪsp'Oz disposed:dɪsp'Ozd disposition:d,ɪspəz'ɪʃən disraeli:dɪzr'Ali disregard:d,ɪsrɪg'ɑrd
dissemble:dɪs'ɛmbəl dissembling:dɪs'ɛmblɪŋ dissension:dɪs'ɛnʃən dissolve:dɪz'ɑlv dissuade:dɪsw'Ad distance:d'ɪstəns distant:d'ɪstənt
distillation:d,ɪstəl'Aʃən distills:dɪst'ɪlz distinct:dɪst'ɪŋkt distinction:dɪst'ɪŋkʃən distinctly:dɪst'ɪŋktli distinguish:dɪst'ɪŋgwɪʃ
distinguished:dɪst'ɪŋgwɪʃt distracted:dɪstr'æktəd distraction:dɪstr'ækʃən distress:dɪstr'ɛs distressed:dɪstr'ɛst distributed:dɪstr'ɪbjətəd
distrust:dɪstr'ʌst disturb:dɪst'ɝb ditch:d'ɪC dive:d'Iv divers:d'Ivɝz diversity:dɪv'ɝsɪti divert:dIv'ɝt divide:dɪv'Id divided:dɪv'Idɪd
divine:dɪv'In divining:dəv'Inɪŋ divinity:dɪv'ɪnəti division:dɪv'ɪʒən divorce:dɪv'ɔrs divorced:dɪv'ɔrst do:d'u doctor:d'ɑktɝ
doctrine:d'ɑktrən doctrines:d'ɑktrənz documentation:d,ɑkjəmɛnt'Aʃən doer:d'ur doers:d'uɝz does:d'ʌz doesn't:d'ʌzənt dog:d'ɔg dog's:d'ɔgz
dogma:d'ɑgmə dogs:d'ɑgz doing:d'uɪŋ dole:d'Ol doll:d'ɑl dollar:d'ɑlɝ dollars:d'ɑlɝz dolphins:d'ɑlfənz domestic:dəm'ɛstɪk don:d'ɑn
don't:d'Ont donald:d'ɑnəld done:d'ʌn donkey:d'ɑŋki doom:d'um doomed:d'umd door:d'ɔr doors:d'ɔrz dorothy:d'ɔrəθi dorset:d'ɔrsɪt dost:d'ɑst
dot:d'ɑt dote:d'Ot doth:d'ɔθ doting:d'Otɪŋ double:d'ʌbəl doubt:d'Wt doubted:d'Wtɪd doubtful:d'Wtfəl doubting:d'Wtɪŋ doubtless:d'Wtləs
doubts:d'Wts doug:d'ʌg douglas:d'ʌgləs dove:d'ʌv dover:d'Ovɝ doves:d'ʌvz dower:d'Wr down:d'Wn downfall:d'Wnf,ɔl downright:d'Wnr,It
dowry:d'Wri doyle:d'Yl dozen:d'ʌzən dozens:d'ʌzənz dr:dr'Iv drag:dr'æg dragged:dr'ægd dragon:dr'ægən dragons:dr'ægənz drags:dr'ægz
drain:dr'An dram:dr'æm drama:dr'ɑmə draperies:dr'Apɝiz drastic:dr'æstɪk draw:dr'ɔ drawer:dr'ɔr drawing:dr'ɔɪŋ drawn:dr'ɔn draws:dr'ɔz
dread:dr'ɛd dreadful:dr'ɛdfəl dreading:dr'ɛdɪŋ dream:dr'im dreamed:dr'imd dreaming:dr'imɪŋ dreams:dr'imz dreamt:dr'ɛmt dreamy:dr'imi
dreary:dr'ɪri dregs:dr'ɛgz dress:dr'ɛs dressed:dr'ɛst dressing:dr'ɛsɪŋ dressings:dr'ɛsɪŋz drew:dr'u dried:dr'Id drift:dr'ɪft drink:dr'ɪŋk
drinking:dr'ɪŋkɪŋ drinks:dr'ɪŋks drive:dr'Iv driven:dr'ɪvən driver:dr'Ivɝ drives:dr'Ivz driving:dr'Ivɪŋ drooping:dr'upɪŋ drop:dr'ɑp
dropped:dr'ɑpt dropping:dr'ɑpɪŋ drops:dr'ɑps dross:dr'ɔs drove:dr'Ov drown:dr'Wn drowned:dr'Wnd drowning:dr'Wnɪŋ drowns:dr'Wnz drowsy:dr'Wzi
drudge:dr'ʌJ drug:dr'ʌg drugs:dr'ʌgz drum:dr'ʌm drums:dr'ʌmz drunk:dr'ʌŋk drunken:dr'ʌŋkən dry:dr'I duchess:d'ʌCəs duck:d'ʌk ducks:d'ʌks
due:d'u duke:d'uk duke's:d'uks dukedom:d'ukdəm dukes:d'uks dull:d'ʌl dulling:d'ʌlɪŋ dullness:d'ʌlnəs dumas:d'uməz dumb:d'ʌm dumpty:d'ʌmpti
dun:d'ʌn duncan:d'ʌŋkən dune:d'un dung:d'ʌŋ duration:d'ʊr'Aʃən during:d'ʊrɪŋ durst:d'ɝst dust:d'ʌst dusty:d'ʌsti dutch:d'ʌC duties:d'utiz
duty:d'uti dwarf:dw'ɔrf dwell:dw'ɛl dwellers:dw'ɛlɝz dwelling:dw'ɛlɪŋ dwells:dw'ɛlz dwelt:dw'ɛlt dwight:dw'It dye:d'I dyed:d'Id dying:d'Iɪŋ
dylan:d'ɪlən dyson:d'Isən e:'i each:'iC eager:'igɝ eagle:'igəl eagles:'igəlz ear:'ir earl:'ɝl earlier:'ɝliɝ early:'ɝli earn:'ɝn earned:'ɝnd
earnest:'ɝnɪst earnestly:'ɝnəstli ears:'ɪrz earth:'ɝθ earth's:'ɝθs earthly:'ɝθli earthquake:'ɝθkw,Ak earthy:'ɝθi ease:'iz eased:'izd
easier:'iziɝ easiest:'iziəst easily:'izəli east:'ist eastern:'istɝn eastwood:'istw,ʊd easy:'izi eat:'it eaten:'itən eating:'itɪŋ eats:'its
eaves:'ivz ebb:'ɛb echo:'ɛkO eclipse:ɪkl'ɪps eclipses:ɪkl'ɪpsɪz economic:,ɛkən'ɑmɪk economist:ɪk'ɑnəmɪst economists:ɪk'ɑnəmɪsts
economy:ɪk'ɑnəmi ecstasy:'ɛkstəsi ecstatic:ɛkst'ætɪk ed:'ɛd eddie:'ɛdi edgar:'ɛdgɝ edge:'ɛJ edges:'ɛJəz edifice:'ɛdəfəs edison:'ɛdɪsən
edited:'ɛdətəd edition:əd'ɪʃən editor:'ɛdətɝ editors:'ɛdɪtɝz edmund:'ɛdmənd edu:'ɛdju educated:'ɛJək,Atɪd education:,ɛJək'Aʃən
educational:,ɛJək'Aʃənəl edward:'ɛdwɝd edward's:'ɛdwɝdz ee:'i effect:ɪf'ɛkt effective:ɪf'ɛktɪv effectively:ɪf'ɛktɪvli effects:ɪf'ɛkts
efficient:ɪf'ɪʃənt effort:'ɛfɝt efforts:'ɛfɝts egg:'ɛg eggs:'ɛgz ego:'igO egypt:'iJəpt egyptian:ɪJ'ɪpʃən eh:'ɛ eight:'At eighteen:At'in
eighteenth:At'inθ eighth:'Atθ eighty:'Ati einstein:'InstIn eisel:'Isəl eisenhower:'Izənh,Wɝ either:'iðɝ elbert:'ɛlbɝt elbow:'ɛlb,O
elder:'ɛldɝ elderly:'ɛldɝli eldest:'ɛldəst eleanor:'ɛlənɔr elect:ɪl'ɛkt elected:ɪl'ɛktəd election:ɪl'ɛkʃən electric:ɪl'ɛktrɪk
electrical:ɪl'ɛktrɪkəl electricity:ɪl,ɛktr'ɪsəti electronic:,ɪl,ɛktr'ɑnɪk electronics:,ɪl,ɛktr'ɑnɪks electrons:,ɪl'ɛktrɑnz element:'ɛləmənt
elements:'ɛləmənts elephant:'ɛləfənt elephants:'ɛləfənts elevator:'ɛləv,Atɝ eleven:ɪl'ɛvən eliot:'ɛliət elizabeth:ɪl'ɪzəbəθ ellison:'ɛlɪsən
ellyn:'ɛlɪn eloquence:'ɛləkwəns else:'ɛls else's:'ɛlsɪz elsewhere:'ɛlsw,ɛr elves:'ɛlvz elvis:'ɛlvɪs elwood:'ɛlw,ʊd em:'ɛm embassy:'ɛmbəsi
embrace:ɛmbr'As embraced:ɛmbr'Ast emerson:'ɛmɝsən emilia:əm'iliə emily:'ɛmɪli eminent:'ɛmənənt emmet:'ɛmɪt emotion:ɪm'Oʃən
emotional:ɪm'Oʃənəl emotions:ɪm'Oʃənz emperor:'ɛmpɝɝ emperor's:'ɛmpɝɝz empire:'ɛmpIɝ empires:'ɛmpIɝz employ:ɛmpl'Y employed:ɛmpl'Yd
employee:ɛmpl'Yi employees:ɛmpl'Yiz employment:ɛmpl'Ymənt empress:'ɛmprɛs empty:'ɛmpti enchanted:ɛnC'æntɪd enclose:ɪnkl'Oz
encounter:ɪnk'Wntɝ encountered:ɪnk'Wntɝd encounters:ɪnk'Wntɝz encourage:ɛnk'ɝɪJ encouraged:ɛnk'ɝɪJd encyclopaedia:ɪns,Ikləp'idiə end:'ɛnd
endeared:ɛnd'ird endeavor:ɪnd'ɛvɝ endeavour:ɪnd'ɛvɝ ended:'ɛndəd ending:'ɛndɪŋ endless:'ɛndləs ends:'ɛndz endure:ɛndj'ʊr endured:ɛndj'ʊrd
enemies:'ɛnəmiz enemy:'ɛnəmi energy:'ɛnɝJi enfeebled:ɛnf'ibəld enfold:ɪnf'Old enforce:ɛnf'ɔrs enforced:ɛnf'ɔrst enforcement:ɛnf'ɔrsmənt
engage:ɛng'AJ engaged:ɛng'AJd engine:'ɛnJən engineer:'ɛnJən'ɪr engineering:'ɛnJən'ɪrɪŋ engineers:'ɛnJən'ɪrz engines:'ɛnJənz england:'ɪŋglənd
england's:'ɪŋgləndz english:'ɪŋglɪʃ enjoy:,ɛnJ'Y enjoyed:,ɛnJ'Yd enjoying:,ɛnJ'Yɪŋ enjoys:,ɛnJ'Yz enlarged:,ɛnl'ɑrJd enlighten:,ɛnl'Itən
enlightened:,ɛnl'Itənd enmity:'ɛnməti enormous:ɪn'ɔrməs enough:ɪn'ʌf enquirer:ɪnkw'Irɝ enraged:ɛnr'AJd enrich:ɛnr'ɪC enriched:ɛnr'ɪCt
ensconce:ɪnsk'ɑns ensue:ɪns'u entangled:ɛnt'æŋgəld enter:'ɛntɝ entered:'ɛntɝd entering:'ɛntɝɪŋ enterprise:'ɛntɝpr,Iz enters:'ɛntɝz
entertain:,ɛntɝt'An entertainment:,ɛntɝt'Anmənt enthusiasm:ɪnθ'uzi,æzəm entire:ɪnt'Iɝ entirely:ɪnt'Iɝli entitled:ɛnt'Itəld entombed:ɛnt'umd
entrails:'ɛntrəlz entrance:'ɛntrəns entrenched:ɛntr'ɛnCt entropy:'ɛntrəpi entry:'ɛntri envelope:'ɛnvəl,Op envious:'ɛnviəs
environment:ɪnv'Irənmənt envy:'ɛnvi ephesus:'ɛfʊsəs epitaph:'ɛpət,æf equal:'ikwəl equally:'ikwəli equals:'ikwəlz equation:ɪkw'Aʒən
equipment:ɪkw'ɪpmənt equipped:ɪkw'ɪpt equivalent:ɪkw'ɪvələnt ere:'ɛr ergo:'ɝgO eric:'ɛrɪk erma:'ɝmə ernest:'ɝnəst eros:'ɪrɑs err:'ɛr
errand:'ɛrənd erred:'ɛrd error:'ɛrɝ errors:'ɛrɝz escape:ɪsk'Ap escaped:ɪsk'Apt especially:əsp'ɛʃli esquire:'ɛskw,Ir essay:ɛs'A essays:ɛs'Az
essence:'ɛsəns essential:ɛs'ɛnʃəl essentially:ɛs'ɛnʃəli est:'ɛst establish:ɪst'æblɪʃ established:ɪst'æblɪʃt establishment:ɪst'æblɪʃmənt
estate:ɪst'At esteem:əst'im estimate:'ɛstəmət estimation:,ɛstəm'Aʃən et:'ɛt etc:,ɛts'ɛtɝə eternal:ɪt'ɝnəl eternally:ɪt'ɝnəli
eternity:ɪt'ɝnəti etiquette:'ɛtəkət eucalyptus:j,ukəl'ɪptəs eunuch:j'unək euphemism:j'ufəm,ɪzəm europe:j'ʊrəp evangelist:ɪv'ænJəlɪst eve:'iv
even:'ivɪn evening:'ivnɪŋ event:ɪv'ɛnt events:ɪv'ɛnts eventually:ɪv'ɛnCəwəli ever:'ɛvɝ everlasting:,ɛvɝl'æstɪŋ evermore:'ɛvɝm,ɔr every:'ɛvɝi
everybody:'ɛvrib,ɑdi everyone:'ɛvriw,ʌn everyone's:'ɛvriw,ʌnz everything:'ɛvriθ,ɪŋ everywhere:'ɛvriw,ɛr evidence:'ɛvədəns evident:'ɛvədənt
evil:'ivəl evils:'ivəlz evolution:,ɛvəl'uʃən evolve:ɪv'ɑlv ex:'ɛks exact:ɪgz'ækt exactly:ɪgz'æktli exam:ɪgz'æm examination:ɪgz,æmən'Aʃən
examine:ɪgz'æmɪn examined:ɪgz'æmənd example:ɪgz'æmpəl examples:ɪgz'æmpəlz exceed:ɪks'id exceeded:ɪks'idəd exceeding:ɪks'idɪŋ exceeds:ɪks'idz
excel:ɪks'ɛl excellence:'ɛksələns excellent:'ɛksələnt except:ɪks'ɛpt exception:ɪks'ɛpʃən exceptions:ɪks'ɛpʃənz excess:'ɛks,ɛs
excessive:ɪks'ɛsɪv exchange:ɪksC'AnJ exchanged:ɪksC'AnJd excited:ɪks'Itəd exciting:ɪks'Itɪŋ exclaim:ɪkskl'Am exclaimed:ɪkskl'Amd
excuse:ɪkskj'us excused:ɪkskj'uzd excuses:ɪkskj'usɪz excusing:ɪkskj'uzɪŋ execute:'ɛksəkj,ut executed:'ɛksəkj,utɪd execution:,ɛksəkj'uʃən
executioner:,ɛksəkj'uʃənɝ executive:ɪgz'ɛkjətɪv executor:ɪgz'ɛkjətɝ exempt:ɪgz'ɛmpt exercise:'ɛksɝs,Iz exeter:'ɛksɪtɝ exhibit:ɪgz'ɪbɪt
exile:'ɛgz,Il exist:ɪgz'ɪst existed:ɪgz'ɪstəd existence:ɛgz'ɪstəns exists:ɪgz'ɪsts exit:'ɛgzɪt exotic:ɪgz'ɑtɪk expands:ɪksp'ændz
expect:ɪksp'ɛkt expectation:,ɛkspɛkt'Aʃən expectations:,ɛkspɛkt'Aʃənz expected:ɪksp'ɛktəd expecting:ɪksp'ɛktɪŋ expects:ɪksp'ɛkts
expedient:ɪksp'idiənt expedition:,ɛkspəd'ɪʃən expense:ɪksp'ɛns expensive:ɪksp'ɛnsɪv experience:ɪksp'ɪriəns experienced:ɪksp'ɪriənst
experiences:ɪksp'ɪriənsɪz experiment:ɪksp'ɛrəmənt experimental:ɪksp,ɛrɪm'ɛntəl experiments:ɪksp'ɛrəmənts expert:'ɛkspɝt experts:'ɛkspɝts
expiate:'ɛkspi,At expire:ɪksp'Ir expired:ɪksp'Ird explain:ɪkspl'An explained:ɪkspl'And explains:ɪkspl'Anz explanation:,ɛksplən'Aʃən
explanations:,ɛksplən'Aʃənz exploded:ɪkspl'Odəd exploit:'ɛkspl,Yt expose:ɪksp'Oz exposed:ɪksp'Ozd express:ɪkspr'ɛs expressing:ɪkspr'ɛsɪŋ
expression:ɪkspr'ɛʃən exquisite:'ɛkskwəzət extant:'ɛkstənt extend:ɪkst'ɛnd extended:ɪkst'ɛndəd extent:ɪkst'ɛnt external:ɪkst'ɝnəl
extinct:ɪkst'ɪŋkt extra:'ɛkstrə extraordinary:,ɛkstrə'ɔrdən,ɛri extraterrestrial:,ɛkstrətɝ'ɛstriəl extreme:ɛkstr'im extremely:ɛkstr'imli
extremes:ɛkstr'imz extremity:ɛkstr'ɛməti exulting:ɪgz'ʌltɪŋ eye:'I eye's:'Iz eyed:'Id eyelids:'Il,ɪdz eyes:'Iz f:'ɛf fabulous:f'æbjələs
face:f'As faced:f'Ast faces:f'Asəz facing:f'Asɪŋ fact:f'ækt faction:f'ækʃən factor:f'æktɝ factory:f'æktɝi facts:f'ækts faculties:f'ækəltiz
faculty:f'ækəlti fade:f'Ad faded:f'Adəd fadiman:f'ædəmən fading:f'Adɪŋ fail:f'Al failed:f'Ald failing:f'Alɪŋ fails:f'Alz failure:f'Aljɝ
failures:f'Aljɝz fain:f'An faint:f'Ant fair:f'ɛr fairer:f'ɛrɝ fairest:f'ɛrɪst fairies:f'ɛriz fairly:f'ɛrli fairy:f'ɛri faith:f'Aθ
faithful:f'Aθfəl faithfully:f'Aθfəli fake:f'Ak falcon:f'ælkən fall:f'ɔl fallen:f'ɑlən falling:f'ɑlɪŋ falls:f'ɔlz false:f'ɔls
falsehood:f'ælsh,ʊd falsely:f'ɔlsli falstaff:f'ɔlst,æf fame:f'Am familiar:fəm'ɪljɝ families:f'æməliz family:f'æməli famine:f'æmən
famous:f'Aməs fan:f'æn fanatics:fən'ætɪks fancies:f'ænsiz fancy:f'ænsi fangled:f'æŋgəld fans:f'ænz fantasies:f'æntəsiz fantastic:fænt'æstɪk
fantasy:f'æntəsi far:f'ɑr fare:f'ɛr fares:f'ɛrz farewell:f,ɛrw'ɛl faring:f'ɛriŋ farm:f'ɑrm farmer:f'ɑrmɝ farther:f'ɑrðɝ farthest:f'ɑrðəst
fashion:f'æʃən fashionable:f'æʃənəbəl fashioned:f'æʃənd fashions:f'æʃənz fast:f'æst fastened:f'æsənd faster:f'æstɝ fastest:f'æstəst
fasting:f'æstɪŋ fat:f'æt fatal:f'Atəl fate:f'At fates:f'Ats father:f'ɑðɝ father's:f'ɑðɝz fathers:f'ɑðɝz fathom:f'æðəm fats:f'æts fault:f'ɔlt
faults:f'ɔlts favor:f'Avɝ favorite:f'Avɝɪt favour:f'Avɝ favours:f'Avɝz fawn:f'ɔn fear:f'ɪr feared:f'ɪrd fearful:f'ɪrfəl fearing:f'ɪrɪŋ
fears:f'ɪrz feast:f'ist feasting:f'istɪŋ feasts:f'ists feat:f'it feather:f'ɛðɝ feathers:f'ɛðɝz feats:f'its feature:f'iCɝ featured:f'iCɝd
featureless:f'iCɝləs features:f'iCɝz february:f'ɛbjəw,ɛri fed:f'ɛd federal:f'ɛdɝəl fee:f'i feeble:f'ibəl feed:f'id feeding:f'idɪŋ
feeds:f'idz feel:f'il feeling:f'ilɪŋ feelings:f'ilɪŋz feels:f'ilz feet:f'it fell:f'ɛl fellow:f'ɛlO fellows:f'ɛlOz fellowship:f'ɛlOʃ,ɪp
felt:f'ɛlt female:f'im,Al fence:f'ɛns fenton:f'ɛntən fer:f'ɝ ferdinand:f'ɝdɪn,ænd ferns:f'ɝnz fertile:f'ɝtəl fester:f'ɛstɝ fetch:f'ɛC
fever:f'ivɝ few:fj'u fewer:fj'uɝ feynman:f'Anmən fickle:f'ɪkəl fiction:f'ɪkʃən fiddle:f'ɪdəl fiddler:f'ɪdəlɝ fie:f'i fiedler:f'idlɝ
field:f'ild fielder:f'ildɝ fields:f'ildz fiend:f'ind fiends:f'indz fierce:f'ɪrs fiercely:f'ɪrsli fiery:f'Iɝi fifteen:fɪft'in fifth:f'ɪfθ
fifty:f'ɪfti fight:f'It fighter:f'Itɝ fighting:f'Itɪŋ fights:f'Its figure:f'ɪgjɝ figured:f'ɪgjɝd figures:f'ɪgjɝz file:f'Il filed:f'Ild
files:f'Ilz fill:f'ɪl filled:f'ɪld filling:f'ɪlɪŋ fills:f'ɪlz film:f'ɪlm films:f'ɪlmz filthy:f'ɪlθi final:f'Inəl finally:f'Inəli
financial:fən'ænʃəl find:f'Ind finding:f'Indɪŋ findings:f'Indɪŋz finds:f'Indz fine:f'In finest:f'Inəst finger:f'ɪŋgɝ fingers:f'ɪŋgɝz
finish:f'ɪnɪʃ finished:f'ɪnɪʃt finishes:f'ɪnɪʃɪz fire:f'Iɝ fired:f'Iɝd fires:f'Iɝz firesign:f'Iɝs,In firm:f'ɝm firmly:f'ɝmli first:f'ɝst
fish:f'ɪʃ fishes:f'ɪʃəz fishing:f'ɪʃɪŋ fist:f'ɪst fit:f'ɪt fitness:f'ɪtnəs fits:f'ɪts fitted:f'ɪtəd fitter:f'ɪtɝ fittest:f'ɪtəst
fitting:f'ɪtɪŋ fitzgerald:fɪtsJ'ɛrəld five:f'Iv fix:f'ɪks fixed:f'ɪkst flag:fl'æg flame:fl'Am flames:fl'Amz flaming:fl'Amɪŋ flanks:fl'æŋks
flapping:fl'æpɪŋ flare:fl'ɛr flash:fl'æʃ flat:fl'æt flatter:fl'ætɝ flattered:fl'ætɝd flattering:fl'ætɝɪŋ flattery:fl'ætɝi flaw:fl'ɔ
flea:fl'i fleas:fl'iz fled:fl'ɛd flee:fl'i fleece:fl'is fleet:fl'it fleeting:fl'itɪŋ fleets:fl'its flesh:fl'ɛʃ fletcher:fl'ɛCɝ flew:fl'u
flexible:fl'ɛksəbəl flies:fl'Iz flight:fl'It flights:fl'Its flint:fl'ɪnt floating:fl'Otɪŋ flock:fl'ɑk flood:fl'ʌd floor:fl'ɔr floors:fl'ɔrz
florence:fl'ɔrəns flourish:fl'ɝɪʃ flout:fl'Wt flow:fl'O flower:fl'Wɝ flowers:fl'Wɝz flowing:fl'Oɪŋ flown:fl'On flung:fl'ʌŋ flush:fl'ʌʃ
fly:fl'I flying:fl'Iɪŋ foe:f'O foes:f'Oz fog:f'ɑg foil:f'Yl foist:f'Yst fold:f'Old folds:f'Oldz foliage:f'OlɪJ folk:f'Ok folks:f'Oks
follies:f'ɑliz follow:f'ɑlO followed:f'ɑlOd followers:f'ɑlOɝz following:f'ɑlOɪŋ follows:f'ɑlOz folly:f'ɑli fond:f'ɑnd fondly:f'ɑndli
food:f'ud foods:f'udz fool:f'ul fool's:f'ulz foolery:f'ulɝi fooling:f'ulɪŋ foolish:f'ulɪʃ foolishness:f'ulɪʃnəs fools:f'ulz foot:f'ʊt
football:f'ʊtb,ɔl footed:f'ʊtɪd footing:f'ʊtɪŋ for:f'ɔr forbid:fɝb'ɪd forbidden:f'ɔrbɪdən forbids:fɝb'ɪdz force:f'ɔrs forced:f'ɔrst
forces:f'ɔrsɪz ford:f'ɔrd fore:f'ɔr foregone:f'ɔrg'ɔn forehead:f'ɔrhɛd foreign:f'ɔrən foreman:f'ɔrmən forest:f'ɔrəst forests:f'ɔrəsts
forever:fɝ'ɛvɝ forewarned:fɔrw'ɔrnd forfeit:f'ɔrfɪt forged:f'ɔrJd forget:fɝg'ɛt forgetful:fɔrg'ɛtfəl forgets:fɝg'ɛts forgive:fɝg'ɪv
forgiven:fɝg'ɪvən forgiveness:fɝg'ɪvnəs forgoing:fɔrg'Oɪŋ forgot:fɝg'ɑt forgotten:fɝg'ɑtən fork:f'ɔrk forlorn:fɝl'ɔrn form:f'ɔrm
formal:f'ɔrməl format:f'ɔrm,æt formed:f'ɔrmd former:f'ɔrmɝ formerly:f'ɔrmɝli forms:f'ɔrmz formula:f'ɔrmjələ forsake:fɔrs'Ak
forsaken:fɔrs'Akən forswear:fɔrsw'ɛr forsworn:f,ɔrsw'ɔrn forth:f'ɔrθ forthcoming:f'ɔrθk'ʌmɪŋ forthwith:f'ɔrθw'ɪθ fortify:f'ɔrtɪf,I
fortnight:f'ɔrtn,It fortunate:f'ɔrCənət fortunately:f'ɔrCənətli fortune:f'ɔrCən fortune's:f'ɔrCənz fortunes:f'ɔrCənz forty:f'ɔrti
forward:f'ɔrwɝd forwards:f'ɔrwɝdz fought:f'ɔt foul:f'Wl found:f'Wnd foundation:fWnd'Aʃən foundations:fWnd'Aʃənz founder:f'Wndɝ
fountain:f'Wntən fountains:f'Wntənz four:f'ɔr fourteen:f'ɔrt'in fourth:f'ɔrθ fowl:f'Wl fox:f'ɑks fragrant:fr'Agrənt frail:fr'Al
frailties:fr'Altiz frailty:fr'Alti frame:fr'Am framed:fr'Amd fran:fr'æn france:fr'æns francis:fr'ænsəs francisco:fræns'ɪskO frank:fr'æŋk
franklin:fr'æŋklɪn frankly:fr'æŋkli frantic:fr'æntɪk fraud:fr'ɔd fraught:fr'ɔt fray:fr'A fred:fr'ɛd frederick:fr'ɛdrɪk free:fr'i
freedom:fr'idəm freely:fr'ili freeze:fr'iz freight:fr'At french:fr'ɛnC frenchman:fr'ɛnCmæn frenchmen:fr'ɛnCmɛn frenzied:fr'ɛnzid
frequency:fr'ikwənsi frequent:fr'ikwənt frequently:fr'ikwəntli fresh:fr'ɛʃ fresher:fr'ɛʃɝ freshness:fr'ɛʃnəs fret:fr'ɛt fretful:fr'ɛtfəl
freud:fr'Yd friar:fr'Iɝ friday:fr'Idi friedrich:fr'idrɪk friend:fr'ɛnd friend's:fr'ɛndz friendly:fr'ɛndli friends:fr'ɛndz
friendship:fr'ɛndʃɪp fright:fr'It frisbee:fr'ɪsbi fro:fr'O frog:fr'ɑg from:fr'ʌm front:fr'ʌnt frontier:frənt'ɪr frost:fr'ɔst froth:fr'ɔθ
frothy:fr'ɔθi frown:fr'Wn frowning:fr'Wnɪŋ frowns:fr'Wnz frozen:fr'Ozən fruit:fr'ut fruitful:fr'utfəl fruits:fr'uts fry:fr'I fuel:fj'uəl
fulfil:fʊlf'ɪl full:f'ʊl fuller:f'ʊlɝ fullness:f'ʊlnəs fully:f'ʊli fulvia:f'ʊlviə fun:f'ʌn function:f'ʌŋkʃən functional:f'ʌŋkʃənəl
functions:f'ʌŋkʃənz fundamental:f,ʌndəm'ɛntəl funeral:fj'unɝəl funny:f'ʌni fur:f'ɝ furious:fj'ʊriəs furnace:f'ɝnəs furnish:f'ɝnɪʃ
furniture:f'ɝnɪCɝ furry:f'ɝi further:f'ɝðɝ furthermore:f'ɝðɝm,ɔr furthest:f'ɝθəst fury:fj'ʊri fusion:fj'uʒən futility:fjut'ɪləti
future:fj'uCɝ g:J'i gage:g'AJ gain:g'An gained:g'And gainer:g'Anɝ gains:g'Anz gait:g'At galactic:gəl'æktɪk galaxy:g'æləksi
galbraith:g'ælbr,Aθ galileo:g,æləl'iO gall:g'ɔl gallant:g'ælənt gallows:g'ælOz game:g'Am games:g'Amz gandhi:g'ɑndi gangster:g'æŋstɝ gap:g'æp
gaping:g'Apɪŋ gar:g'ɑr garage:gɝ'ɑʒ garbage:g'ɑrbɪJ garden:g'ɑrdən gardens:g'ɑrdənz garfield:g'ɑrf,ild garland:g'ɑrlənd garment:g'ɑrmənt
garments:g'ɑrmənts garp:g'ɑrp garrison:g'ærɪsən garter:g'ɑrtɝ gary:g'ɛri gas:g'æs gate:g'At gates:g'Ats gather:g'æðɝ gathered:g'æðɝd
gathering:g'æðɝɪŋ gaudy:g'ɔdi gauge:g'AJ gaunt:g'ɔnt gave:g'Av gay:g'A gaze:g'Az gazebo:gəz'ibO gazed:g'Azd gazelle:gəz'ɛl gazing:g'Azɪŋ
gear:g'ɪr geese:g'is gems:J'ɛmz gene:J'in general:J'ɛnɝəl general's:J'ɛnɝəlz generally:J'ɛnɝəli generals:J'ɛnɝəlz generate:J'ɛnɝ,At
generation:J,ɛnɝ'Aʃən generations:J,ɛnɝ'Aʃənz genius:J'injəs gentle:J'ɛntəl gentleman:J'ɛntəlmən gentlemen:J'ɛntəlmɪn gentleness:J'ɛntəlnəs
gentlest:J'ɛntələst gentlewoman:J'ɛntəlw,ʊmən gently:J'ɛntli gentry:J'ɛntri genuine:J'ɛnjəwən genuinely:J'ɛnjəwənli geometry:Ji'ɑmətri
george:J'ɔrJ george's:J'ɔrJəz georgian:J'ɔrJən gerald:J'ɛrəld german:J'ɝmən gertrude:g'ɝtrud gesture:J'ɛsCɝ get:g'ɛt gets:g'ɛts
getting:g'ɛtɪŋ ghastly:g'æstli ghost:g'Ost ghostly:g'Ostli ghosts:g'Osts giant:J'Iənt giants:J'Iənts gibberish:g'ɪbɝɪʃ gibe:J'Ib
gibran:Jɪbr'ɑn gibson:g'ɪbsən giddy:g'ɪdi gift:g'ɪft gifts:g'ɪfts gild:g'ɪld gilded:g'ɪldɪd gilding:g'ɪldɪŋ gilt:g'ɪlt girdle:g'ɝdəl
girl:g'ɝl girls:g'ɝlz give:g'ɪv given:g'ɪvən gives:g'ɪvz giveth:g'ɪvɛθ giving:g'ɪvɪŋ glad:gl'æd gladly:gl'ædli glance:gl'æns
glances:gl'ænsɪz glass:gl'æs glasses:gl'æsəz glazed:gl'Azd glen:gl'ɛn glittered:gl'ɪtɝd glittering:gl'ɪtɝɪŋ globe:gl'Ob glories:gl'ɔriz
glorious:gl'ɔriəs glory:gl'ɔri gloss:gl'ɔs glosses:gl'ɔsɪz gloucester:gl'ɑstɝ glove:gl'ʌv gloves:gl'ʌvz glow:gl'O glowing:gl'Oɪŋ go:g'O
goal:g'Ol goals:g'Olz goat:g'Ot goats:g'Ots god:g'ɑd god's:g'ɑdz goddess:g'ɑdəs gods:g'ɑdz goes:g'Oz goethe:g'Oθ going:g'Oɪŋ gold:g'Old
golden:g'Oldən goldwater:g'Oldw,ɔtɝ goldwyn:g'Oldwɪn golf:g'ɑlf gone:g'ɔn gonna:g'ɑnə good:g'ʊd goodbye:g,ʊdb'I goodly:g'ʊdli
goodman:g'ʊdmən goodness:g'ʊdnəs goods:g'ʊdz goose:g'us gorbachev:g'ɔrbəCɛv gordon:g'ɔrdən gore:g'ɔr gored:g'ɔrd gorgeous:g'ɔrJəs
gossip:g'ɑsəp got:g'ɑt gotta:g'ɑtə gotten:g'ɑtən gould:g'uld govern:g'ʌvɝn governed:g'ʌvɝnd government:g'ʌvɝmənt governments:g'ʌvɝmənts
governor:g'ʌvɝnɝ governs:g'ʌvɝnz gower:g'Wɝ gown:g'Wn grabbed:gr'æbd grace:gr'As grace's:gr'Asɪz graced:gr'Ast graceful:gr'Asfəl
graces:gr'Asɪz gracious:gr'Aʃəs graciously:gr'Aʃəsli grade:gr'Ad gradual:gr'æJuəl graduate:gr'æJəwət graham:gr'Aəm grain:gr'An
grammar:gr'æmɝ grand:gr'ænd grandeur:grænd'ur grandfather:gr'ændf,ɑðɝ grant:gr'ænt granted:gr'æntəd granting:gr'æntɪŋ grape:gr'Ap
grapes:gr'Aps graphics:gr'æfɪks grapple:gr'æpəl grasp:gr'æsp grass:gr'æs grassy:gr'æsi grate:gr'At grateful:gr'Atfəl gratify:gr'ætəf,I
gratitude:gr'ætət,ud grave:gr'Av gravely:gr'Avli graven:gr'Avən graves:gr'Avz gravity:gr'ævəti gray:gr'A grays:gr'Az greasy:gr'isi
great:gr'At greater:gr'Atɝ greatest:gr'Atəst greatly:gr'Atli greatness:gr'Atnəs grecian:gr'iʃən greece:gr'is greed:gr'id greek:gr'ik
greeks:gr'iks green:gr'in greenstreet:gr'instr,it greet:gr'it greeting:gr'itɪŋ greets:gr'its greg:gr'ɛg gregory:gr'ɛgɝi grew:gr'u grey:gr'A
grief:gr'if grievances:gr'ivənsəz grieve:gr'iv grieved:gr'ivd grieves:gr'ivz grievous:gr'ivəs grim:gr'ɪm grin:gr'ɪn grind:gr'Ind
grinding:gr'Indɪŋ grindstone:gr'Indst,On gripe:gr'Ip groan:gr'On groans:gr'Onz groom:gr'um grope:gr'Op gross:gr'Os grossly:gr'Osli
groucho:gr'uCO ground:gr'Wnd grounded:gr'Wndɪd grounds:gr'Wndz group:gr'up groups:gr'ups grove:gr'Ov grow:gr'O growing:gr'Oɪŋ grown:gr'On
grows:gr'Oz growth:gr'Oθ grub:gr'ʌb grudge:gr'ʌJ guarantee:g,ɛrənt'i guaranteed:g,ɛrənt'id guard:g'ɑrd guarded:g'ɑrdəd guards:g'ɑrdz
guerrero:gɝ'ɛrO guess:g'ɛs guest:g'ɛst guests:g'ɛsts guidance:g'Idəns guide:g'Id guided:g'Idəd guides:g'Idz guile:g'Il guilt:g'ɪlt
guiltless:g'ɪltlɪs guilty:g'ɪlti guinea:g'ɪni guitar:gɪt'ɑr gulls:g'ʌlz gun:g'ʌn guns:g'ʌnz gushes:g'ʌʃɪz gust:g'ʌst gusts:g'ʌsts gut:g'ʌt
guts:g'ʌts guy:g'I guys:g'Iz h:'AC ha:h'ɑ habit:h'æbət habitation:h,æbət'Aʃən habits:h'æbəts hack:h'æk had:h'æd hadn't:h'ædənt hail:h'Al
hair:h'ɛr haired:h'ɛrd hairs:h'ɛrz hairy:h'ɛri hal:h'æl hale:h'Al half:h'æf halifax:h'ælɪf,æks hall:h'ɔl halt:h'ɔlt ham:h'æm
hamburger:h'æmbɝgɝ hamilton:h'æməltən hamlet:h'æmlət hammer:h'æmɝ hammered:h'æmɝd han:h'ɑn hand:h'ænd handbook:h'ændb,ʊk handed:h'ændəd
handiwork:h'ændiw,ɝk handkerchief:h'æŋkɝCɪf handle:h'ændəl handled:h'ændəld handles:h'ændəlz handling:h'ændlɪŋ hands:h'ændz handsome:h'ænsəm
hang:h'æŋ hanged:h'æŋd hanging:h'æŋɪŋ hangman:h'æŋmən hangs:h'æŋz hannah:h'ænə hap:h'æp hapless:h'æpləs happen:h'æpən happened:h'æpənd
happening:h'æpənɪŋ happens:h'æpənz happier:h'æpiɝ happily:h'æpəli happiness:h'æpinəs happy:h'æpi harbor:h'ɑrbɝ harbour:h'ɑrbɝ hard:h'ɑrd
harder:h'ɑrdɝ hardest:h'ɑrdəst harding:h'ɑrdɪŋ hardly:h'ɑrdli hardware:h'ɑrdw,ɛr hare:h'ɛr hark:h'ɑrk harlan:h'ɑrlən harm:h'ɑrm
harmful:h'ɑrmfəl harmless:h'ɑrmləs harmonious:hɑrm'Oniəs harmony:h'ɑrməni harms:h'ɑrmz harold:h'ɛrəld harp:h'ɑrp harris:h'ɛrɪs harry:h'ɛri
harsh:h'ɑrʃ hart:h'ɑrt harvard:h'ɑrvɝd harvest:h'ɑrvəst harvey:h'ɑrvi has:h'æz hasn't:h'æzənt hast:h'æst haste:h'Ast hasten:h'Asən
hastings:h'Astɪŋz hasty:h'Asti hat:h'æt hatch:h'æC hate:h'At hated:h'Atəd hateful:h'Atfəl hates:h'Ats hath:h'æθ hatred:h'Atrəd hats:h'æts
haughty:h'ɔti haunt:h'ɔnt haunts:h'ɔnts have:h'æv haven:h'Avən haven't:h'ævənt having:h'ævɪŋ havoc:h'ævək hawk:h'ɔk hawks:h'ɔks
hazard:h'æzɝd he:h'i he'd:h'id he'll:h'il he's:h'iz head:h'ɛd headed:h'ɛdəd heads:h'ɛdz heal:h'il heals:h'ilz health:h'ɛlθ
healthful:h'ɛlθfəl healthy:h'ɛlθi heap:h'ip heaped:h'ipt hear:h'ir heard:h'ɝd hearers:h'irɝz hearing:h'irɪŋ hears:h'irz hearsay:h'irs,A
heart:h'ɑrt heart's:h'ɑrts hearted:h'ɑrtəd heartily:h'ɑrtəli hearts:h'ɑrts heat:h'it heats:h'its heave:h'iv heaven:h'ɛvən heaven's:h'ɛvənz
heavenly:h'ɛvənli heavens:h'ɛvənz heavier:h'ɛviɝ heavily:h'ɛvəli heavy:h'ɛvi heck:h'ɛk hector:h'ɛktɝ hector's:h'ɛktɝz hecuba:h'ɛkjəbə
hedge:h'ɛJ heed:h'id heel:h'il heels:h'ilz hegel:h'ɛgəl height:h'It heinlein:h'Inl,In heinous:h'Anəs heir:'ɛr heirs:'ɛrz held:h'ɛld
helen:h'ɛlən helen's:h'ɛlɪnz helena:h'ɛlənə hell:h'ɛl heller:h'ɛlɝ hello:həl'O helm:h'ɛlm help:h'ɛlp helped:h'ɛlpt helper:h'ɛlpɝ
helpful:h'ɛlpfəl helping:h'ɛlpɪŋ helps:h'ɛlps hemingway:h'ɛmɪŋw,A hems:h'ɛmz hen:h'ɛn hence:h'ɛns henceforth:h'ɛnsf'ɔrθ henrik:h'ɛnrɪk
henry:h'ɛnri henry's:h'ɛnriz hens:h'ɛnz her:h'ɝ herald:h'ɛrəld heralds:h'ɛrəldz herb:'ɝb herbert:h'ɝbɝt hercules:h'ɝkjəl,iz herd:h'ɝd
here:h'ir here's:h'ɪrz hereafter:hɪr'æftɝ hereditary:hɝ'ɛdət,ɛri hereford:h'ɛrəfɝd herein:hɪr'ɪn heretic:h'ɛrətɪk herman:h'ɝmən
hermia:h'ɝmiə hermione:hɝmi'Oni hero:h'ɪrO heroic:hɪr'Oɪk herons:h'ɛrənz hers:hɝz herself:hɝs'ɛlf hesitate:h'ɛzət,At hew:hj'u hey:h'A hi:h'I
hid:h'ɪd hidden:h'ɪdən hide:h'Id hideous:h'ɪdiəs hides:h'Idz hiding:h'Idɪŋ hierarchy:h'Iɝ,ɑrki high:h'I higher:h'Iɝ highest:h'Iəst
highland:h'Ilənd highly:h'Ili highness:h'Inəs highway:h'Iw,A hill:h'ɪl hills:h'ɪlz hillside:h'ɪls,Id him:h'ɪm himself:hɪms'ɛlf hind:h'Ind
hinder:h'ɪndɝ hips:h'ɪps hire:h'Iɝ hired:h'Iɝd his:h'ɪz historical:hɪst'ɔrɪkəl history:h'ɪstɝi hit:h'ɪt hither:h'ɪðɝ hits:h'ɪts hitter:h'ɪtɝ
hitting:h'ɪtɪŋ ho:h'O hob:h'ɑb hobby:h'ɑbi hoffman:h'ɔfmən hoisted:h'Ystəd hold:h'Old holding:h'Oldɪŋ holds:h'Oldz hole:h'Ol holes:h'Olz
holiday:h'ɑləd,A holidays:h'ɑləd,Az holiness:h'Olinəs hollow:h'ɑlO hollywood:h'ɑliw,ʊd holmes:h'Omz holy:h'Oli homage:'ɑməJ home:h'Om
homely:h'Omli homes:h'Omz honest:'ɑnəst honestly:'ɑnəstli honesty:'ɑnəsti honey:h'ʌni honk:h'ɑŋk honor:'ɑnɝ honorable:'ɑnɝəbəl honored:'ɑnɝd
honour:'ɑnɝ honour's:'ɑnɝz honourable:'ɑnɝəbəl hood:h'ʊd hoof:h'uf hook:h'ʊk hooks:h'ʊks hop:h'ɑp hope:h'Op hoped:h'Opt hopeful:h'Opfəl
hopeless:h'Opləs hopelessly:h'Opləsli hopes:h'Ops hoping:h'Opɪŋ horace:h'ɔrəs horatio:hɝ'AʃO horatius:hɔr'Aʃəs horizon:hɝ'Izən horn:h'ɔrn
horns:h'ɔrnz horrible:h'ɔrəbəl horrid:h'ɔrəd horror:h'ɔrɝ horrors:h'ɔrɝz horse:h'ɔrs horse's:h'ɔrsəz horsemen:h'ɔrsmən horses:h'ɔrsəz
hose:h'Oz hospital:h'ɑsp,ɪtəl host:h'Ost hostess:h'Ostəs hostile:h'ɑstəl hot:h'ɑt hotel:hOt'ɛl hound:h'Wnd hounds:h'Wndz hour:'Wɝ
hour's:'Wɝz hourly:'Wrli hours:'Wɝz house:h'Ws household:h'Wsh,Old houses:h'Wsəz housewife:h'Wsw,If houston:hj'ustən how:h'W howard:h'Wɝd
howe:h'W however:h,W'ɛvɝ howled:h'Wld howling:h'Wlɪŋ hubbard:h'ʌbɝd hubert:hj'ubɝt huddled:h'ʌdəld hue:hj'u hues:hj'uz hug:h'ʌg huge:hj'uJ
hugely:hj'uJli hugh:hj'u hugo:hj'ugO hum:h'ʌm human:hj'umən humane:hjum'An humanity:hjum'ænɪti humans:hj'umənz humble:h'ʌmbəl
humbled:h'ʌmbəld humbly:h'ʌmbli humility:hjum'ɪlɪti humming:h'ʌmɪŋ humor:hj'umɝ humorous:hj'umɝəs humour:hj'umɝ humphrey:h'ʌmfri
humphrey's:h'ʌmfriz humpty:h'ʌmpti hundred:h'ʌndrəd hundreds:h'ʌndrədz hung:h'ʌŋ hunger:h'ʌŋgɝ hungry:h'ʌŋgri hunt:h'ʌnt hunted:h'ʌntəd
hunter:h'ʌntɝ hunting:h'ʌntɪŋ hunts:h'ʌnts hurl:h'ɝl hurled:h'ɝld hurried:h'ɝid hurry:h'ɝi hurt:h'ɝt hurting:h'ɝtɪŋ hurtle:h'ɝtəl
hurts:h'ɝts husband:h'ʌzbənd husband's:h'ʌzbəndz husbandry:h'ʌzbəndri husbands:h'ʌzbəndz hush:h'ʌʃ hushed:h'ʌʃt huxley:h'ʌksli hymn:h'ɪm
hymns:h'ɪmz hype:h'Ip hypocrite:h'ɪpəkr,ɪt hypothesis:hIp'ɑθəsəs hysterical:hɪst'ɛrɪkəl i:'I i'd:'Id i'll:'Il i'm:'Im i've:'Iv iago:i'ɑgO
ian:'iən ibm:'Ib,i,ɛm ice:'Is idea:Id'iə ideal:Id'il ideals:Id'ilz ideas:Id'iəz identify:Id'ɛntəf,I identity:Id'ɛntɪt,i idiot:'ɪd,iət
idiots:'ɪd,iəts idle:'Idəl idleness:'Idəlnəs idly:'Idli idol:'Idəl idolatry:Id'ɑlətri if:'ɪf ignorance:'ɪgnɝəns ignorant:'ɪgnɝənt
ignore:,ɪgn'ɔr ignored:,ɪgn'ɔrd il:'ɪl ill:'ɪl illegal:,ɪl'igəl ills:'ɪlz illumination:,ɪl,umən'Aʃən illusion:,ɪl'uʒən illusions:,ɪl'uʒənz
image:'ɪməJ images:'ɪməJəz imaginary:,ɪm'æJən,ɛri imagination:,ɪm,æJən'Aʃən imagine:,ɪm'æJən imagined:,ɪm'æJənd imaging:'ɪmɪJɪŋ
imitate:'ɪmət,At imitated:'ɪmət,Atɪd imitation:,ɪmət'Aʃən immature:,ɪmətj'ʊr immediate:,ɪm'id,iət immediately:,ɪm'id,iətli
immortal:,ɪm'ɔrtəl immortality:,ɪmɔrt'ælɪti imogen:'ɪməgən impair:,ɪmp'ɛr impart:,ɪmp'ɑrt impatience:,ɪmp'Aʃəns impatient:,ɪmp'Aʃənt
impeach:,ɪmp'iC impediment:,ɪmp'ɛdəmənt impediments:,ɪmp'ɛdəmənts imperfect:,ɪmp'ɝfɪkt imperial:,ɪmp'ɪriəl imperious:,ɪmp'ɪriəs
implications:,ɪmplək'Aʃənz implies:,ɪmpl'Iz imply:,ɪmpl'I import:,ɪmp'ɔrt importance:,ɪmp'ɔrtəns important:,ɪmp'ɔrtənt imported:,ɪmp'ɔrtɪd
impossible:,ɪmp'ɑsəbəl impregnable:,ɪmpr'ɛgnəbəl impress:,ɪmpr'ɛs impression:,ɪmpr'ɛʃən imprint:,ɪmpr'ɪnt imprisoned:,ɪmpr'ɪzənd
imprisonment:,ɪmpr'ɪzənmənt improper:,ɪmpr'ɑpɝ improve:,ɪmpr'uv improvement:,ɪmpr'uvmənt impute:,ɪmpj'ut in:ɪn in's:ɪnz inc:'ɪŋk
incapable:,ɪnk'Apəbəl incense:,ɪns'ɛns incensed:'ɪns,ɛnst inch:'ɪnC inches:'ɪnCəz inclined:,ɪnkl'Ind include:,ɪnkl'ud included:,ɪnkl'udəd
including:,ɪnkl'udɪŋ income:'ɪnk,ʌm incompetence:,ɪnk'ɑmpətəns incompetent:,ɪnk'ɑmpətənt incomplete:,ɪnkəmpl'it
incomprehensible:,ɪŋk,ɑmprəh'ɛnsɪbəl inconveniences:,ɪnkənv'injənsɪz incorrect:,ɪnkɝ'ɛkt increase:,ɪnkr'is increased:,ɪnkr'ist
increases:ɪnkr'isəz increasing:,ɪnkr'isɪŋ incredible:,ɪnkr'ɛdəbəl incredibly:,ɪnkr'ɛdəbli indeed:,ɪnd'id independent:,ɪndɪp'ɛndənt
india:'ɪndiə indian:'ɪndiən indiana:,ɪndi'ænə indifference:,ɪnd'ɪfɝəns indifferent:,ɪnd'ɪfrənt indigest:,ɪndIJ'ɛst indirectly:,ɪndɝ'ɛktl,i
indispensable:,ɪndɪsp'ɛnsəbəl indistinguishable:,ɪndɪst'ɪŋgwɪʃəbəl individual:,ɪndəv'ɪJəwəl individuality:,ɪnd,ɪvɪJu'ælɪti
individuals:,ɪndəv'ɪJəwəlz induce:,ɪnd'us induction:,ɪnd'ʌkʃən industrial:,ɪnd'ʌstriəl industry:'ɪndəstri inexplicable:,ɪnəkspl'ɪsəbəl
infallible:,ɪnf'æləbəl infamy:'ɪnfəmi infancy:'ɪnfənsi infant:'ɪnfənt infant's:'ɪnfənts infants:'ɪnfənts infect:,ɪnf'ɛkt infected:,ɪnf'ɛktɪd
infection:,ɪnf'ɛkʃən inferior:,ɪnf'ɪriɝ infinite:'ɪnfənət infinitely:'ɪnfənətli infinity:,ɪnf'ɪnɪti infirmity:ɪnf'ɝmɪti inflaming:ɪnfl'Amɪŋ
influence:'ɪnfluəns influenced:'ɪnfluənst inform:,ɪnf'ɔrm information:,ɪnfɝm'Aʃən informed:,ɪnf'ɔrmd informer:,ɪnf'ɔrmɝ infused:,ɪnfj'uzd
ingenious:,ɪnJ'injəs ingersoll:'ɪŋgɝsɔl inhabit:,ɪnh'æbət inhabited:,ɪnh'æbətəd inherit:,ɪnh'ɛrət inheritance:,ɪnh'ɛrətəns
inhuman:,ɪnhj'umən iniquity:,ɪn'ɪkwɪti injuries:'ɪnJɝiz injurious:,ɪnJ'ʊriəs injury:'ɪnJɝi injustice:,ɪnJ'ʌstɪs ink:'ɪŋk inner:'ɪnɝ
innocence:'ɪnəsəns innocent:'ɪnəsənt innovation:,ɪnəv'Aʃən inquire:,ɪnkw'Ir inquired:,ɪnkw'Iɝd inquirer:,ɪnkw'Irɝ inquiry:,ɪnkw'Ir,i
insanity:,ɪns'ænəti inseparable:,ɪns'ɛpɝəbəl inside:,ɪns'Id insist:,ɪns'ɪst insisted:,ɪns'ɪstəd insolence:'ɪnsələns insoluble:,ɪns'ɑljəbəl
inspection:,ɪnsp'ɛkʃən inspiration:,ɪnspɝ'Aʃən installed:,ɪnst'ɔld instance:'ɪnstəns instances:'ɪnstənsəz instant:'ɪnstənt
instantly:'ɪnstəntli instead:,ɪnst'ɛd instinct:'ɪnstɪŋkt institutions:,ɪnstɪt'uʃənz instruct:,ɪnstr'ʌkt instructed:,ɪnstr'ʌktəd
instruction:,ɪnstr'ʌkʃən instructions:,ɪnstr'ʌkʃənz instrument:'ɪnstrəmənt instruments:'ɪnstrəmənts insufficiency:,ɪnsəf'ɪʃəns,i
insult:,ɪns'ʌlt insulting:,ɪns'ʌltɪŋ insults:,ɪns'ʌlts insurance:,ɪnʃ'ʊrəns integrity:,ɪnt'ɛgrəti intellect:'ɪntəl,ɛkt
intellectual:,ɪntəl'ɛkCuəl intelligence:,ɪnt'ɛləJəns intelligent:,ɪnt'ɛləJənt intend:,ɪnt'ɛnd intended:,ɪnt'ɛndɪd intends:,ɪnt'ɛndz
intent:,ɪnt'ɛnt intention:,ɪnt'ɛnCən intentions:,ɪnt'ɛnCənz intents:,ɪnt'ɛnts interchange:,ɪntɝC'AnJ interest:'ɪntrəst interested:'ɪntrəstɪd
interesting:'ɪntrəstɪŋ interests:'ɪntrəsts interfere:,ɪntɝf'ɪr interim:'ɪntɝəm internal:,ɪnt'ɝnəl international:,ɪntɝn'æʃənəl
interrupt:,ɪntɝ'ʌpt interrupted:,ɪntɝ'ʌptɪd interstate:,ɪntɝst'At interview:'ɪntɝvj,u intimate:'ɪntəmət into:'ɪntu intolerable:,ɪnt'ɑlɝəbəl
introduction:,ɪntrəd'ʌkʃən invariably:,ɪnv'ɛriəbli invasion:,ɪnv'Aʒən invent:,ɪnv'ɛnt invented:,ɪnv'ɛntəd invention:,ɪnv'ɛnʃən
inventor:,ɪnv'ɛntɝ inversely:,ɪnv'ɝsli invest:,ɪnv'ɛst investigation:,ɪnv,ɛstəg'Aʃən invincible:,ɪnv'ɪnsəbəl invisible:,ɪnv'ɪzəbəl
invite:,ɪnv'It invited:,ɪnv'Itəd inviting:,ɪnv'Itɪŋ invoked:,ɪnv'Okt involved:,ɪnv'ɑlvd inward:'ɪnwɝd iq:'Ikj'u ireland:'Iɝlənd iron:'Iɝn
irrational:,ɪr'æʃənəl irrefutable:,ɪrəfj'utəbəl irs:'I,ɑr'ɛs irving:'ɝvɪŋ is:'ɪz isaac:'Izək isabel:'ɪzəb,ɛl ish:'ɪʃ island:'Ilənd isle:'Il
isn't:'ɪzənt issue:'ɪʃu issueless:'ɪʃuləs issues:'ɪʃuz it:'ɪt it'll:'ɪtəl it's:'ɪts italian:,ɪt'æljən italy:'ɪtəli itch:'ɪC itches:'ɪCəz
item:'Itəm items:'Itəmz its:'ɪts itself:,ɪts'ɛlf j:J'A jack:J'æk jacks:J'æks jackson:J'æksən jade:J'Ad jades:J'Adz jail:J'Al jam:J'æm
james:J'Amz jan:J'æn jane:J'An january:J'ænju,ɛri jaques:J'æks jaws:J'ɔz jay:J'A jazz:J'æz je:J'i jealous:J'ɛləs jealousy:J'ɛləsi jean:J'in
jeff:J'ɛf jefferson:J'ɛfɝsən jennings:J'ɛnɪŋz jerks:J'ɝks jerome:Jɝ'Om jerry:J'ɛri jessica:J'ɛsɪkə jest:J'ɛst jests:J'ɛsts jesus:J'izəs
jet:J'ɛt jew:J'u jewel:J'uəl jewels:J'uəlz jewish:J'uɪʃ jews:J'uz jim:J'ɪm jimmy:J'ɪmi joan:J'On job:J'ɑb jobs:J'ɑbz joe:J'O johann:j'Ohɑn
john:J'ɑn johnny:J'ɑni johnson:J'ɑnsən join:J'Yn joint:J'Ynt joints:J'Ynts joke:J'Ok jokes:J'Oks jonathan:J'ɑnəθən jones:J'Onz joseph:J'Osəf
josh:J'ɑʃ jot:J'ɑt journal:J'ɝnəl journey:J'ɝni joy:J'Y joyce:J'Ys joyful:J'Yfəl joys:J'Yz jr:J'unjɝ judas:J'udəs judge:J'ʌJ judged:J'ʌJd
judgement:J'ʌJmənt judges:J'ʌJɪz judging:J'ʌJɪŋ judgment:J'ʌJmənt judgments:J'ʌJmənts juice:J'us julia:J'uljə juliet:J'uli,ɛt julius:J'uljəs
july:J,ul'I jump:J'ʌmp jumped:J'ʌmpt jumps:J'ʌmps june:J'un junes:J'unz jungle:J'ʌŋgəl junior:J'unjɝ juno:J'unO jupiter:J'upətɝ just:J'ʌst
justice:J'ʌstəs justification:J,ʌstəfək'Aʃən justify:J'ʌstəf,I justly:J'ʌstli k:k'A kangaroo:k,æŋgɝ'u kant:k'ænt karl:k'ɑrl kate:k'At
katharina:k,æθɛr'inə katharine:k'æθrɪn katherine:k'æθɝɪn kaufman:k'ɔfmən kay:k'A keats:k'its keegan:k'igən keen:k'in keep:k'ip keeper:k'ipɝ
keeping:k'ipɪŋ keeps:k'ips keillor:k'ilɝ ken:k'ɛn kennedy:k'ɛnədi kenneth:k'ɛnɪθ kent:k'ɛnt kept:k'ɛpt kettle:k'ɛtəl key:k'i keys:k'iz
kick:k'ɪk kicked:k'ɪkt kicks:k'ɪks kid:k'ɪd kids:k'ɪdz kill:k'ɪl killed:k'ɪld killer:k'ɪlɝ killing:k'ɪlɪŋ kills:k'ɪlz kim:k'ɪm
kimonos:kəm'Onəz kin:k'ɪn kind:k'Ind kindling:k'ɪndlɪŋ kindly:k'Indli kindness:k'Indnəs kindred:k'ɪndrɪd kinds:k'Indz king:k'ɪŋ king's:k'ɪŋz
kingdom:k'ɪŋdəm kingdoms:k'ɪŋdəmz kingly:k'ɪŋli kings:k'ɪŋz kinsman:k'ɪnzm,æn kirk:k'ɝk kiss:k'ɪs kissed:k'ɪst kisses:k'ɪsəz kissing:k'ɪsɪŋ
kitchen:k'ɪCən kite:k'It knave:n'Av knaves:n'Avz knee:n'i kneel:n'il kneeling:n'ilɪŋ knees:n'iz knell:n'ɛl knew:n'u knife:n'If knight:n'It
knighthood:n'Ith,ʊd knights:n'Its knit:n'ɪt knives:n'Ivz knob:n'ɑb knobs:n'ɑbz knock:n'ɑk knocked:n'ɑkt knocking:n'ɑkɪŋ knocks:n'ɑks
knot:n'ɑt know:n'O knowing:n'Oɪŋ knowledge:n'ɑləJ known:n'On knows:n'Oz kodak:k'Od,æk kosher:k'Oʃɝ kraft:kr'æft kurt:k'ɝt l:'ɛl la:l'ɑ
lab:l'æb label:l'Abəl labor:l'Abɝ laboratory:l'æbrət,ɔri labors:l'Abɝz labour:l'Abɝ lace:l'As lack:l'æk lacking:l'ækɪŋ lacks:l'æks lad:l'æd
ladder:l'ædɝ ladies:l'Adiz lads:l'ædz lady:l'Adi lady's:l'Adiz laid:l'Ad lain:l'An lake:l'Ak lamb:l'æm lambs:l'æmz lame:l'Am lament:ləm'ɛnt
lamentable:ləm'ɛntəbəl lamenting:ləm'ɛntɪŋ lamp:l'æmp lampoon:læmp'un lamps:l'æmps lancaster:l'ænk,æstɝ lance:l'æns land:l'ænd land's:l'ændz
landed:l'ændəd landing:l'ændɪŋ lands:l'ændz lane:l'An language:l'æŋgwəJ languages:l'æŋgwəJəz lantern:l'æntɝn lao:l'W lap:l'æp lapis:l'æpəs
large:l'ɑrJ largely:l'ɑrJli larger:l'ɑrJɝ largess:l'ɑrJəs largest:l'ɑrJəst lark:l'ɑrk larry:l'ɛri larson:l'ɑrsən las:l'ɑs
lascivious:ləs'ɪviəs laser:l'Azɝ lassie:l'æsi last:l'æst lasting:l'æstɪŋ lasts:l'æsts latch:l'æC late:l'At lately:l'Atli later:l'Atɝ
latest:l'Atəst latin:l'ætən latter:l'ætɝ laugh:l'æf laughed:l'æft laughing:l'æfɪŋ laughs:l'æfs laughter:l'æftɝ launcelot:l'ɔnsɪl,ɑt
launch:l'ɔnC laurence:l'ɔrəns laurie:l'ɔri lavinia:ləv'ɪnjə law:l'ɔ lawful:l'ɔfəl lawless:l'ɔləs lawn:l'ɔn lawrence:l'ɔrəns laws:l'ɔz
lawyer:l'ɔjɝ lawyers:l'ɔjɝz lay:l'A layer:l'Aɝ laying:l'Aɪŋ lays:l'Az lazarus:l'æzɝəs lazuli:ləz'uli lazy:l'Azi le:lə lead:l'ɛd
leaden:l'ɛdən leader:l'idɝ leaders:l'idɝz leadership:l'idɝʃ,ɪp leading:l'idɪŋ leads:l'idz leaf:l'if leafy:l'ifi league:l'ig leagues:l'igz
lean:l'in leaning:l'inɪŋ leap:l'ip lear:l'ɪr learn:l'ɝn learned:l'ɝnd learning:l'ɝnɪŋ learns:l'ɝnz lease:l'is leases:l'isɪz least:l'ist
leather:l'ɛðɝ leave:l'iv leaves:l'ivz leaving:l'ivɪŋ lebowitz:l'ɛbəwɪts lecture:l'ɛkCɝ led:l'ɛd lee:l'i leek:l'ik leese:l'is left:l'ɛft
leg:l'ɛg legacy:l'ɛgəsi legal:l'igəl legged:l'ɛgəd legions:l'iJənz legislature:l'ɛJəsl,ACɝ legitimate:ləJ'ɪtəmət legs:l'ɛgz
lehenbauer:l'AənbWɝ lehrer:l'ɛrɝ leia:l'iɑ leisure:l'ɛʒɝ lem:l'ɛm lemon:l'ɛmən lend:l'ɛnd lends:l'ɛndz length:l'ɛŋkθ lengths:l'ɛŋkθs
lenny:l'ɛni lent:l'ɛnt leo:l'iO leonard:l'ɛnɝd leonardo:l,iən'ɑrdO les:l'ɛs leslie:l'ɛsli less:l'ɛs lesser:l'ɛsɝ lesson:l'ɛsən
lessons:l'ɛsənz lest:l'ɛst let:l'ɛt let's:l'ɛts lets:l'ɛts letter:l'ɛtɝ letterman:l'ɛtɝmən letters:l'ɛtɝz letting:l'ɛtɪŋ level:l'ɛvəl
levels:l'ɛvəlz levied:l'ɛvid lewis:l'uɪs liar:l'Iɝ liars:l'Iɝz liberal:l'ɪb,ɝəl liberties:l'ɪbɝt,iz liberty:l'ɪbɝt,i library:l'Ibrɛr,i
license:l'Isəns lick:l'ɪk lid:l'ɪd lie:l'I lied:l'Id lief:l'if liege:l'iJ lies:l'Iz lieutenant:lut'ɛnənt life:l'If life's:l'Ifs
lifetime:l'Ift,Im lift:l'ɪft lifted:l'ɪftəd lifts:l'ɪfts light:l'It lightbulb:l'Itb,ʌlb lightly:l'Itli lightning:l'Itnɪŋ lights:l'Its
like:l'Ik liked:l'Ikt likelihood:l'Iklih,ʊd likely:l'Ikli likeness:l'Iknəs likes:l'Iks likewise:l'Ikw,Iz liking:l'Ikɪŋ lilies:l'ɪliz
lily:l'ɪli lily's:l'ɪl,iz limb:l'ɪm limbs:l'ɪmz lime:l'Im limit:l'ɪmət limitations:l,ɪmɪt'Aʃənz limited:l'ɪmətəd limits:l'ɪməts
limping:l'ɪmpɪŋ lincoln:l'ɪŋkən line:l'In linear:l'ɪniɝ lined:l'Ind linen:l'ɪnən lines:l'Inz linger:l'ɪŋgɝ lingered:l'ɪŋgɝd
lingering:l'ɪŋgɝɪŋ lingers:l'ɪŋgɝz link:l'ɪŋk linus:l'Inəs lion:l'Iən lion's:l'Iənz lions:l'Iənz lip:l'ɪp lipped:l'ɪpt lips:l'ɪps
liquid:l'ɪkwəd liquor:l'ɪkɝ list:l'ɪst listen:l'ɪsən listening:l'ɪsənɪŋ listens:l'ɪsənz lists:l'ɪsts lite:l'It literary:l'ɪtɝ,ɛri
literature:l'ɪtɝəCɝ little:l'ɪtəl live:l'Iv lived:l'ɪvd lively:l'Ivli liver:l'ɪvɝ livery:l'ɪvɝi lives:l'ɪvz living:l'ɪvɪŋ lloyd:l'Yd lo:l'O
load:l'Od loaded:l'Odɪd loan:l'On loath:l'Oθ loathe:l'Oð loathed:l'Oðd loathing:l'Oθɪŋ loathsome:l'Oðsəm lobby:l'ɑbi local:l'Okəl
location:lOk'Aʃən lock:l'ɑk locked:l'ɑkt locks:l'ɑks lodge:l'ɑJ lodged:l'ɑJd lodging:l'ɑJɪŋ lofty:l'ɔfti logic:l'ɑJɪk logical:l'ɑJɪkəl
logically:l'ɑJɪkli london:l'ʌndən loneliness:l'Onlinəs lonely:l'Onli long:l'ɔŋ longer:l'ɔŋgɝ longest:l'ɔŋgəst longevity:lɔnJ'ɛvəti
longing:l'ɔŋɪŋ longs:l'ɔŋz look:l'ʊk looked:l'ʊkt looking:l'ʊkɪŋ looks:l'ʊks loon:l'un looney:l'uni loop:l'up loose:l'us lord:l'ɔrd
lord's:l'ɔrdz lords:l'ɔrdz lordship:l'ɔrdʃɪp lorenzo:lɝ'ɛnzO lorraine:lɝ'An los:l'Os lose:l'uz loser:l'uzɝ loses:l'uzəz losing:l'uzɪŋ
loss:l'ɔs losses:l'ɔsəz lost:l'ɔst lot:l'ɑt lots:l'ɑts lottery:l'ɑtɝi loud:l'Wd louder:l'Wdɝ louis:l'uɪs lousy:l'Wzi lout:l'Wt love:l'ʌv
love's:l'ʌvz loved:l'ʌvd lovell:l'ʌvəl lovely:l'ʌvli lover:l'ʌvɝ lover's:l'ʌvɝz lovers:l'ʌvɝz loves:l'ʌvz loving:l'ʌvɪŋ low:l'O lowell:l'Oəl
lower:l'Oɝ lowest:l'Oəst lowing:l'Oɪŋ lowly:l'Oli loyal:l'Yəl loyalty:l'Yəlti lsd:,ɛl,ɛsd'i lucas:l'ukəs luce:l'us lucius:l'uʃəs luck:l'ʌk
lucky:l'ʌki lucy:l'usi lug:l'ʌg luggage:l'ʌgəJ luke:l'uk lumber:l'ʌmbɝ lunatic:l'unət,ɪk lunch:l'ʌnC lungs:l'ʌŋz lurk:l'ɝk lust:l'ʌst
lustre:l'ʌstɝ lusty:l'ʌsti lute:l'ut luther:l'uθɝ luxury:l'ʌgʒɝi lying:l'Iɪŋ lysander:l,Is'ændɝ lytton:l'ɪtən m:'ɛm ma:m'ɑ ma'am:m'æm
macbeth:məkb'ɛθ macbride:məkbr'Id macdonald:məkd'ɑnəld macduff:məkd'ʌf mace:m'As machine:məʃ'in machinery:məʃ'inɝi machines:məʃ'inz
mackerel:m'ækɝəl mad:m'æd madam:m'ædəm madding:m'ædɪŋ made:m'Ad madly:m'ædli madman:m'ædm,æn madmen:m'ædmən madness:m'ædnəs madonna:məd'ɑnə
mae:m'A magazine:m'ægəz,in magic:m'æJɪk magnificent:mægn'ɪfəsənt magnitude:m'ægnət,ud mahatma:məh'ɑtmə maid:m'Ad maiden:m'Adən maids:m'Adz
mail:m'Al main:m'An maine:m'An mainly:m'Anli maintain:mAnt'An maintained:mAnt'And maintenance:m'Antənəns majesty:m'æJəsti
majesty's:m'æJəstiz major:m'AJɝ majority:məJ'ɔrəti majors:m'AJɝz make:m'Ak maker:m'Akɝ makers:m'Akɝz makes:m'Aks making:m'Akɪŋ
maladies:m'ælədiz malcolm:m'ælkəm male:m'Al males:m'Alz malice:m'æləs malicious:məl'ɪʃəs maltese:mɔlt'iz man:m'æn man's:m'ænz manage:m'ænəJ
managed:m'ænəJd management:m'ænəJmənt manager:m'ænəJɝ managing:m'ænəJɪŋ mangled:m'æŋgəld manhattan:mænh'ætən manhood:m'ænh,ʊd manic:m'ænɪk
manifest:m'ænəf,ɛst mankind:m'ænk'Ind manly:m'ænli mann:m'æn manned:m'ænd manner:m'ænɝ manners:m'ænɝz mansion:m'ænʃən mantle:m'æntəl
mantua:m'ænCuə manual:m'ænjuəl manufacturers:m,ænjəf'ækCɝɝz manuscript:m'ænjəskr,ɪpt many:m'ɛni map:m'æp mar:m'ɑr marble:m'ɑrbəl march:m'ɑrC
marching:m'ɑrCɪŋ marcus:m'ɑrkəs margaret:m'ɑrgɝɪt margarine:m'ɑrJɝən maria:mɝ'iə marigold:m'ɛrəg,Old marina:mɝ'inə mariner:m'ɛrənɝ
marion:m'ɛriən marjoram:m'ɑJɝəm mark:m'ɑrk marked:m'ɑrkt market:m'ɑrkət marketing:m'ɑrkətɪŋ marks:m'ɑrks marlowe:m'ɑrl,O marquis:m,ɑrk'i
marriage:m'ɛrɪJ married:m'ɛrid marry:m'ɛri mars:m'ɑrz marsh:m'ɑrʃ marshal:m'ɑrʃəl marshall:m'ɑrʃəl mart:m'ɑrt marta:m'ɑrtə martial:m'ɑrʃəl
martian:m'ɑrʃən martin:m'ɑrtən marvel:m'ɑrvəl marvellous:m'ɑrvələs marvelous:m'ɑrvələs marvin:m'ɑrvɪn marx:m'ɑrks mary:m'ɛri mask:m'æsk
masked:m'æskt masks:m'æsks masonry:m'Asənri mass:m'æs massachusetts:m,æsəC'usəts massacre:m'æsəkɝ masses:m'æsəz master:m'æstɝ
master's:m'æstɝz masters:m'æstɝz match:m'æC mate:m'At material:mət'ɪriəl mates:m'Ats math:m'æθ mathematical:m,æθəm'ætɪkəl
mathematician:m,æθəmət'ɪʃən mathematicians:m,æθəmət'ɪʃənz mathematics:m,æθəm'ætɪks matt:m'æt matter:m'ætɝ matters:m'ætɝz mattress:m'ætrəs
mature:məC'ʊr maturity:məC'ʊrəti maurice:mɔr'is maw:m'ɔ max:m'æks maxims:m'æksəmz maximum:m'æksəməm may:m'A maybe:m'Abi mayor:m'Aɝ
mcdonald's:məkd'ɑnəldz me:m'i meadows:m'ɛd,Oz meal:m'il mean:m'in meaner:m'inɝ meanest:m'inəst meaning:m'inɪŋ meaningful:m'inɪŋfəl
meaningless:m'inɪŋləs meanings:m'inɪŋz means:m'inz meant:m'ɛnt meantime:m'int,Im meanwhile:m'inw,Il measles:m'izəlz measure:m'ɛʒɝ
measured:m'ɛʒɝd measurement:m'ɛʒɝmənt measures:m'ɛʒɝz meat:m'it mechanical:mək'ænɪkəl mechanics:mək'ænɪks mechanism:m'ɛkən,ɪzəm
meddle:m'ɛdəl meddling:m'ɛdəlɪŋ media:m'idiə medical:m'ɛdəkəl medicine:m'ɛdəsən mediocre:m,idi'Okɝ mediocrity:m,idi'ɑkrəti
meditation:m,ɛdət'Aʃən medium:m'idiəm meek:m'ik meet:m'it meeting:m'itɪŋ meetings:m'itɪŋz meets:m'its melancholy:m'ɛlənk,ɑli
melodies:m'ɛlədiz melodious:məl'Odiəs melt:m'ɛlt melted:m'ɛltəd melting:m'ɛltɪŋ member:m'ɛmbɝ members:m'ɛmbɝz memorable:m'ɛmɝəbəl
memorial:məm'ɔriəl memories:m'ɛmɝiz memory:m'ɛmɝi men:m'ɛn men's:m'ɛnz menace:m'ɛnəs mencken:m'ɛŋkən mend:m'ɛnd mended:m'ɛndɪd
mental:m'ɛntəl mention:m'ɛnʃən mentioned:m'ɛnʃənd merchant:m'ɝCənt merchants:m'ɝCənts merciful:m'ɝsɪfəl mercury:m'ɝkjɝi mercy:m'ɝsi
mere:m'ɪr merely:m'ɪrli merit:m'ɛrət merits:m'ɛrəts merrily:m'ɛrəli merry:m'ɛri mess:m'ɛs message:m'ɛsəJ messages:m'ɛsəJəz
messenger:m'ɛsənJɝ messengers:m'ɛsənJɝz messiah:məs'Iə met:m'ɛt metal:m'ɛtəl metaphor:m'ɛtəfɔr metaphysics:m,ɛtəf'ɪzɪks meter:m'itɝ
method:m'ɛθəd methods:m'ɛθədz methought:m,iθ'ɔt metre:m'itɝ metropolitan:m,ɛtrəp'ɑlətən mettle:m'ɛtəl metz:m'ɛts mexican:m'ɛksəkən mice:m'Is
michael:m'Ikəl michel:mɪʃ'ɛl mickey:m'ɪki mid:m'ɪd middle:m'ɪdəl middleton:m'ɪdəltən midnight:m'ɪdn,It midst:m'ɪdst mig:m'ɪg might:m'It
mightier:m'Itiɝ mightily:m'Itəli mighty:m'Iti miguel:mɪg'ɛl mike:m'Ik milan:məl'ɑn mild:m'Ild mile:m'Il miles:m'Ilz milford:m'ɪlfɝd
military:m'ɪlət,ɛri milk:m'ɪlk milky:m'ɪlki mill:m'ɪl miller:m'ɪlɝ miller's:m'ɪlɝz millikan:m'ɪləkən million:m'ɪljən millions:m'ɪljənz
milton:m'ɪltən mind:m'Ind mind's:m'Indz minded:m'Indəd mindless:m'Indləs minds:m'Indz mine:m'In mines:m'Inz mingle:m'ɪŋgəl mingled:m'ɪŋgəld
mingling:m'ɪŋgəlɪŋ minimum:m'ɪnəməm minion:m'ɪnjən minister:m'ɪnəstɝ ministers:m'ɪnəstɝz minor:m'Inɝ minority:mIn'ɔrəti minus:m'Inəs
minute:m'ɪnət minutes:m'ɪnəts miracle:m'ɪrəkəl miracles:m'ɪrəkəlz mire:m'Ir mirror:m'ɪrɝ mirrors:m'ɪrɝz mirth:m'ɝθ mis:m'ɪs mischief:m'ɪsCəf
miser:m'Izɝ miserable:m'ɪzɝəbəl miseries:m'ɪzɝiz misery:m'ɪzɝi misfortune:mɪsf'ɔrCən misfortunes:mɪsf'ɔrCənz misplaced:mɪspl'Ast
misprision:mɪspr'ɪʒən miss:m'ɪs missed:m'ɪst misses:m'ɪsəz missile:m'ɪsəl missing:m'ɪsɪŋ mission:m'ɪʃən mississippi:m,ɪsɪs'ɪpi
mistake:mɪst'Ak mistaken:mɪst'Akən mistakes:mɪst'Aks mistaking:mɪst'Akɪŋ mister:m'ɪstɝ mistook:mɪst'ʊk mistress:m'ɪstrəs mistrust:mɪstr'ʌst
mists:m'ɪsts misuse:mɪsj'uz mit:'ɛm'It'i mix:m'ɪks mixed:m'ɪkst mizner:m'ɪznɝ moan:m'On mock:m'ɑk mockery:m'ɑkɝi mocking:m'ɑkɪŋ mocks:m'ɑks
mode:m'Od model:m'ɑdəl moderation:m,ɑdɝ'Aʃən modern:m'ɑdɝn modest:m'ɑdəst modesty:m'ɑdəsti moe:m'O mohammed:mOh'æmɪd moi:mw'ɑ moiety:m'Yət,i
mole:m'Ol mom:m'ɑm moment:m'Omənt momentary:m'Omənt,ɛri momentous:mOm'ɛntəs moments:m'Omənts momentum:mOm'ɛntəm monarch:m'ɑn,ɑrk
monarch's:m'ɑn,ɑrks monday:m'ʌndi money:m'ʌni monk:m'ʌŋk monkey:m'ʌŋki monmouth:m'ɑnməθ monsieur:məsj'ɝ monster:m'ɑnstɝ monsters:m'ɑnstɝz
monstrous:m'ɑnstrəs montague:m'ɑntəgj,u month:m'ʌnθ months:m'ʌnθs monty:m'ɔnti monument:m'ɑnjumənt monuments:m'ɑnjəmənts mood:m'ud
moods:m'udz moody:m'udi moon:m'un moonlight:m'unl,It moonshine:m'unʃ,In moor:m'ʊr moore:m'ʊr moose:m'us moral:m'ɔrəl morality:mɝ'æləti
morals:m'ɔrəlz more:m'ɔr moreover:mɔr'Ovɝ morley:m'ɔrli morn:m'ɔrn morning:m'ɔrnɪŋ mornings:m'ɔrnɪŋz morris:m'ɔrəs morrow:m'ɑrO
morsel:m'ɔrsəl mort:m'ɔrt mortal:m'ɔrtəl mortality:mɔrt'æləti mortgaged:m'ɔrgɪJd mortimer:m'ɔrtɪmɝ mosaic:mOz'Aɪk moses:m'Ozəs most:m'Ost
mostly:m'Ostli mote:m'Ot moth:m'ɔθ mother:m'ʌðɝ mother's:m'ʌðɝz mothers:m'ʌðɝz motion:m'Oʃən motions:m'Oʃənz motive:m'Otɪv motley:m'ɑtli
motto:m'ɑtO mouldy:m'Oldi mount:m'Wnt mountain:m'Wntən mountain's:m'Wntənz mountains:m'Wntənz mounted:m'Wntəd mourn:m'ɔrn mourners:m'ɔrnɝz
mournful:m'ɔrnfəl mourning:m'ɔrnɪŋ mouse:m'Ws mouth:m'Wθ mouthed:m'Wðd mouths:m'Wðz move:m'uv moved:m'uvd movement:m'uvmənt moves:m'uvz
movie:m'uvi movies:m'uviz moving:m'uvɪŋ mow:m'O mowbray:m'ObrA mozart:m'Ozɑrt mph:'ɛmp'i'AC mr:m'ɪstɝ mrs:m'ɪsɪz much:m'ʌC mud:m'ʌd
muddy:m'ʌdi muhammad:mʊh'ɑməd mule:mj'ul multiply:m'ʌltəpl,I multitude:m'ʌltət,ud multitudes:m'ʌltətj,udz mumble:m'ʌmbəl murder:m'ɝdɝ
murdered:m'ɝdɝd murderer:m'ɝdɝɝ murderers:m'ɝdɝɝz murderous:m'ɝdɝəs murders:m'ɝdɝz murmur:m'ɝmɝ murphy:m'ɝfi murphy's:m'ɝfiz murray:m'ɝi
muse:mj'uz mused:mj'uzd muses:mj'uzəz museum:mjuz'iəm music:mj'uzɪk musical:mj'uzɪkəl musician:mjuz'ɪʃən musicians:mjuz'ɪʃənz must:m'ʌst
mustard:m'ʌstɝd muster:m'ʌstɝ mute:mj'ut mutiny:mj'utəni mutual:mj'uCuəl my:m'I myself:m,Is'ɛlf mysteries:m'ɪstɝiz mysterious:mɪst'ɪriəs
mystery:m'ɪstɝi mystical:m'ɪstɪkəl myth:m'ɪθ mythical:m'ɪθəkəl n:'ɛn na:n'ɑ nail:n'Al nails:n'Alz naive:n,I'iv naked:n'Akəd name:n'Am
named:n'Amd namely:n'Amli names:n'Amz naming:n'Amɪŋ nancy:n'ænsi napkin:n'æpkɪn naples:n'Apəlz napoleon:nəp'Oliən narrow:n'ɛrO nash:n'æʃ
nasty:n'æsti nathaniel:nəθ'ænjəl nation:n'Aʃən national:n'æʃənəl nations:n'Aʃənz native:n'Atɪv nativity:nət'ɪvəti natural:n'æCɝəl
naturally:n'æCɝəli nature:n'ACɝ nature's:n'ACɝz natures:n'ACɝz naught:n'ɔt naughty:n'ɔti naval:n'Avəl navel:n'Avəl navigation:n'ævəg'Aʃən
navy:n'Avi nay:n'A ne'er:n'ɛr near:n'ɪr nearby:n'ɪrb'I nearer:n'ɪrɝ nearest:n'ɪrəst nearly:n'ɪrli neat:n'it neatly:n'itli
necessarily:n,ɛsəs'ɛrəli necessary:n'ɛsəs,ɛri necessities:nəs'ɛsɪtiz necessity:nəs'ɛsəti neck:n'ɛk necks:n'ɛks neckwear:n'ɛkw,ɛr ned:n'ɛd
need:n'id needed:n'idəd needful:n'idfəl needing:n'idɪŋ needle:n'idəl needles:n'idəlz needless:n'idləs needs:n'idz needy:n'idi
negative:n'ɛgətɪv neglect:nəgl'ɛkt neglected:nəgl'ɛktəd neglecting:nɪgl'ɛktɪŋ negligence:n'ɛgləJəns negotiate:nəg'Oʃi,At neigh:n'A
neighbor:n'Abɝ neighborhood:n'Abɝh,ʊd neighbors:n'Abɝz neighbour:n'Abɝ neighbouring:n'Abɝɪŋ neighbours:n'Abɝz neil:n'il neither:n'iðɝ
nell:n'ɛl nelson:n'ɛlsən nephew:n'ɛfju neptune:n'ɛptun nerd:n'ɝd nero:n'ɪrO nerve:n'ɝv nerves:n'ɝvz nervous:n'ɝvəs nest:n'ɛst nestor:n'ɛstɝ
net:n'ɛt netiquette:n'ɛtək,ʌt network:n'ɛtw,ɝk neumann:n'umən neural:n'ʊrəl neutron:n'utr,ɑn never:n'ɛvɝ new:n'u newer:n'uɝ newly:n'uli
newman:n'umən news:n'uz newspaper:n'uzp,Apɝ newspapers:n'uzp,Apɝz newton:n'utən next:n'ɛkst nice:n'Is nick:n'ɪk nickel:n'ɪkəl niece:n'is
niels:n'ilz nietzsche:n'iCi nigel:n'IJəl niggard:n'ɪgɝd nigh:n'I night:n'It night's:n'Its nightfall:n'Itf,ɔl nightingale:n'ItɪŋgAl
nightly:n'Itli nightmare:n'Itm,ɛr nights:n'Its nikita:n,ɪk'itə nimble:n'ɪmbəl nine:n'In nineteen:n'Int'in ninety:n'Inti ninth:n'Inθ
niven:n'Ivən no:n'O noah:n'Oə nobel:nOb'ɛl nobility:nOb'ɪləti noble:n'Obəl nobleman:n'Obəlmən nobler:n'Oblɝ nobles:n'Obəlz noblest:n'Oblɪst
nobly:n'ɑbli nobody:n'Ob,ɑd,i nobody's:n'Ob,ɑd,iz nod:n'ɑd nodded:n'ɑdəd noise:n'Yz non:n'ɑn none:n'ʌn nonsense:n'ɑnsɛns noon:n'un nor:n'ɔr
norfolk:n'ɔrfək normal:n'ɔrməl normally:n'ɔrməli norman:n'ɔrmən normandy:n'ɔrməndi north:n'ɔrθ northern:n'ɔrðɝn norway:n'ɔrw,A nose:n'Oz
noses:n'Ozɪz not:n'ɑt notable:n'Otəbəl note:n'Ot noted:n'Otəd notes:n'Ots nothing:n'ʌθɪŋ nothings:n'ʌθɪŋz notice:n'Otəs noticed:n'Otəst
notion:n'Oʃən notions:n'Oʃənz notorious:nOt'ɔriəs notwithstanding:n,ɑtwɪθst'ændɪŋ nov:n'Ov novel:n'ɑvəl november:nOv'ɛmbɝ now:n'W
nowhere:n'Ow,ɛr nuclear:n'ukliɝ numb:n'ʌm number:n'ʌmbɝ numbers:n'ʌmbɝz nuptial:n'ʌpCəl nurse:n'ɝs nursed:n'ɝst nursery:n'ɝsɝi
nursing:n'ɝsɪŋ nut:n'ʌt nuts:n'ʌts nymphs:n'ɪmfs o:'O o'clock:əkl'ɑk o'rourke:Or'ɔrk oak:'Ok oar:'ɔr oath:'Oθ oaths:'Oðz oatmeal:'Otm,il
oats:'Ots obedience:Ob'idiəns obedient:Ob'idiənt obey:Ob'A obeyed:Ob'Ad object:'ɑbJɛkt objective:əbJ'ɛktɪv objects:'ɑbJɛkts
obligation:,ɑbləg'Aʃən obligations:,ɑbləg'Aʃənz obliged:əbl'IJd oblivion:əbl'ɪviən oblivious:əbl'ɪviəs obscene:ɑbs'in obscure:əbskj'ʊr
obsequious:əbs'ikwiəs observance:əbz'ɝvəns observation:,ɑbzɝv'Aʃən observations:,ɑbzɝv'Aʃənz observe:əbz'ɝv observed:əbz'ɝvd
observer:əbz'ɝvɝ observing:əbz'ɝvɪŋ obstacles:'ɑbstəkəlz obtain:əbt'An obtained:əbt'And obvious:'ɑbviəs obviously:'ɑbviəsli occasion:ək'Aʒən
occasional:ək'Aʒənəl occasionally:ək'Aʒənəli occasions:ək'Aʒənz occupation:,ɑkjəp'Aʃən occur:ək'ɝ occurred:ək'ɝd occurrence:ək'ɝəns
ocean:'Oʃən oct:'ɔkt octavia:ɑkt'Aviə octavius:ɑkt'Aviəs october:ɑkt'Obɝ odd:'ɑd odds:'ɑdz odious:'Odiəs odor:'Odɝ odour:'Odɝ odours:'Odɝs
odysseus:Od'ɪsiəs of:'ʌv off:'ɔf offend:əf'ɛnd offended:əf'ɛndəd offender:əf'ɛndɝ offenders:əf'ɛndɝz offending:əf'ɛndɪŋ offense:əf'ɛns
offensive:əf'ɛnsɪv offer:'ɔfɝ offered:'ɔfɝd offering:'ɔfɝɪŋ offers:'ɔfɝz office:'ɔfɪs officer:'ɔfəsɝ officers:'ɔfəsɝz offices:'ɔfəsəz
official:əf'ɪʃəl officials:əf'ɪʃəlz offspring:'ɔfspr,ɪŋ oft:'ɔft often:'ɔfən ogden:'ɑgdən oh:'O oil:'Yl ok:'Ok'A okay:,Ok'A old:'Old
olden:'Oldən older:'Oldɝ oleg:'Oləg oliver:'ɑləvɝ olives:'ɑlɪvz olivia:Ol'ɪviə ominous:'ɑmənəs omit:Om'ɪt on:'ɑn once:w'ʌns one:w'ʌn
one's:w'ʌnz ones:w'ʌnz oneself:w,ʌns'ɛlf onion:'ʌnjən onions:'ʌnjənz only:'Onli onset:'ɑns,ɛt onto:'ɑntu onward:'ɔnwɝd onwards:'ɑnwɝdz
open:'Opən opened:'Opənd opening:'Opənɪŋ openly:'Opənli openness:'Opənnəs opera:'ɑprə operate:'ɑpɝ,At operates:'ɑpɝ,Ats operating:'ɑpɝ,Atɪŋ
operation:,ɑpɝ'Aʃən operations:,ɑpɝ'Aʃənz ophelia:əf'iljə opinion:əp'ɪnjən opinions:əp'ɪnjənz opponents:əp'Onənts opportunities:,ɑpɝt'unətiz
opportunity:,ɑpɝt'unəti oppose:əp'Oz opposed:əp'Ozd opposite:'ɑpəzət opposition:,ɑpəz'ɪʃən oppression:əpr'ɛʃən optic:'ɑptɪk optical:'ɑptɪkəl
optimist:'ɑptəmɪst or:'ɔr oracle:'ɔrəkəl orange:'ɔrənJ orator:'ɔrətɝ orben:'ɔrbən orchard:'ɔrCɝd orchestra:'ɔrkəstrə order:'ɔrdɝ
ordered:'ɔrdɝd ordering:'ɔrdɝɪŋ orderly:'ɔrdɝli orders:'ɔrdɝz ordinance:'ɔrdənəns ordinary:'ɔrdən,ɛri organ:'ɔrgən
organization:,ɔrgənəz'Aʃən orient:'ɔri,ɛnt oriental:,ɔri'ɛntəl oriented:'ɔri,ɛntəd origin:'ɔrəJən original:ɝ'ɪJənəl originally:ɝ'ɪJənəli
orlando:ɔrl'ænd,O orleans:'ɔrliənz ornament:'ɔrnəmənt ornaments:'ɔrnəmənts orphans:'ɔrfənz orwell:'ɔrw,ɛl oscar:'ɔskɝ othello:əθ'ɛlO
other:'ʌðɝ other's:'ʌðɝz others:'ʌðɝz otherwise:'ʌðɝw,Iz otis:'Otɪs ought:'ɔt ounce:'Wns our:'Wɝ ours:'Wɝz ourself:Wɝs'ɛlf
ourselves:Wɝs'ɛlvz out:'Wt outcast:'Wtk,æst outcries:'Wtkr,Iz outer:'Wtɝ outlive:,Wtl'ɪv output:'Wtp,ʊt outrage:'Wtr,AJ outrageous:Wtr'AJəs
outright:'Wtr'It outside:'Wts'Id outward:'Wtwɝd oven:'ʌvən over:'Ovɝ overcome:'Ovɝk,ʌm overhead:'Ovɝh'ɛd overheard:'Ovɝh'ɝd
overthrow:'Ovɝθr,O overturn:'Ovɝt,ɝn overwhelming:,Ovɝw'ɛlmɪŋ owe:'O owed:'Od owes:'Oz owl:'Wl owls:'Wlz own:'On owner:'Onɝ owner's:'Onɝz
owners:'Onɝz ox:'ɑks oxford:'ɑksfɝd oxygen:'ɑksəJən oyster:'Ystɝ oz:'ɑz p:p'i pace:p'As pack:p'æk packet:p'ækət padua:p'ædjuə page:p'AJ
pageant:p'æJənt pages:p'AJəz paid:p'Ad pain:p'An painful:p'Anfəl pains:p'Anz paint:p'Ant painted:p'Antɪd painter:p'Antɝ painter's:p'Antɝz
painting:p'Antɪŋ pair:p'ɛr pairs:p'ɛrz palace:p'æləs palate:p'ælət pale:p'Al palette:p'ælət palm:p'ɑm palpable:p'ælpəbəl paltry:p'ɔltri
panel:p'ænəl pangs:p'æŋz panic:p'ænɪk pants:p'ænts papa:p'ɑp,ʌ paper:p'Apɝ papers:p'Apɝz parade:pɝ'Ad paradise:p'ɛrəd,Is paradox:p'ɛrəd,ɑks
parallel:p'ɛrəl,ɛl parallels:p'ɛrəl,ɛlz paranoia:p,ɛrən'Yə paranoid:p'ɛrən,Yd parcel:p'ɑrsəl pardon:p'ɑrdən pardoned:p'ɑrdənd parent:p'ɛrənt
parentage:p'ɛrəntəJ parents:p'ɛrənts paris:p'ɛrɪs parish:p'ærɪʃ park:p'ɑrk parker:p'ɑrkɝ parking:p'ɑrkɪŋ parkinson:p'ɑrkɪnsən parley:p'ɑrli
parliament:p'ɑrləmənt parrot:p'ɛrət parson:p'ɑrsən part:p'ɑrt partake:pɑrt'Ak parted:p'ɑrtɪd partial:p'ɑrʃəl participate:pɑrt'ɪsəp,At
particular:pɝt'ɪkjəlɝ particularly:p,ɑrt'ɪkjəlɝli particulars:pɝt'ɪkjəlɝz parties:p'ɑrtiz parting:p'ɑrtɪŋ partly:p'ɑrtli partner:p'ɑrtnɝ
parts:p'ɑrts party:p'ɑrti pascal:pæsk'æl pass:p'æs passage:p'æsəJ passages:p'æsəJəz passed:p'æst passengers:p'æsənJɝz passes:p'æsəz
passing:p'æsɪŋ passion:p'æʃən passionate:p'æʃənət passions:p'æʃənz passive:p'æsɪv past:p'æst paste:p'Ast pastime:p'æst,Im pastry:p'Astri
pasture:p'æsCɝ pat:p'æt patch:p'æC pate:p'At patent:p'ætənt path:p'æθ pathetic:pəθ'ɛtɪk paths:p'æðz patience:p'Aʃəns patient:p'Aʃənt
patiently:p'Aʃəntli patricians:pətr'ɪʃənz patrick:p'ætrɪk patriotism:p'Atriət,ɪzəm patron:p'Atrən pattern:p'ætɝn patterns:p'ætɝnz
patties:p'ætiz patty:p'æti paul:p'ɔl paulina:p,ɔl'inə pause:p'ɔz pavement:p'Avmənt pawn:p'ɔn paws:p'ɔz pay:p'A paying:p'Aɪŋ payment:p'Amənt
pays:p'Az peace:p'is peaceful:p'isfəl peach:p'iC peak:p'ik peanut:p'inət peanuts:p'inəts pearl:p'ɝl pearls:p'ɝlz pearly:p'ɝli pearse:p'ɝs
peasant:p'ɛzənt peck:p'ɛk peculiar:pəkj'uljɝ pedro:p'AdrO peel:p'il peep:p'ip peer:p'ɪr peers:p'ɪrz peevish:p'ivɪʃ pelt:p'ɛlt pen:p'ɛn
penalty:p'ɛnəlti penance:p'ɛnəns pence:p'ɛns pencil:p'ɛnsəl pencils:p'ɛnsəlz penitent:p'ɛnɪtɪnt penny:p'ɛni pens:p'ɛnz pension:p'ɛnʃən
pent:p'ɛnt penury:p'ɛnjʊri people:p'ipəl people's:p'ipəlz peoples:p'ipəlz per:p'ɝ perceive:pɝs'iv perceived:pɝs'ivd percent:pɝs'ɛnt
perchance:pɝC'æns percy:p'ɝsi peremptory:pɝ'ɛmptɝi perfect:pɝf'ɛkt perfection:pɝf'ɛkʃən perfectly:p'ɝfəktli perforce:pɝf'ɔrs perform:pɝf'ɔrm
performance:pɝf'ɔrməns performed:pɝf'ɔrmd performing:pɝf'ɔrmɪŋ perfume:pɝfj'um perfumed:pɝfj'umd perfumes:pɝfj'umz perhaps:pɝh'æps
peril:p'ɛrəl perilous:p'ɛrələs period:p'ɪriəd perish:p'ɛrɪʃ perishing:p'ɛrɪʃɪŋ perjured:p'ɝJɝd perjury:p'ɝJɝi permission:pɝm'ɪʃən
permit:pɝm'ɪt permitted:pɝm'ɪtɪd pernicious:pɝn'ɪʃəs perpetual:pɝp'ɛCuəl perseverance:p,ɝsəv'ɪrəns persists:pɝs'ɪsts person:p'ɝsən
person's:p'ɝsənz personal:p'ɝsɪnəl personality:p,ɝsən'ælɪti personally:p'ɝsənəli personnel:p,ɝsən'ɛl persons:p'ɝsənz perspective:pɝsp'ɛktɪv
persuade:pɝsw'Ad persuaded:pɝsw'Adɪd persuasion:pɝsw'Aʒən perusal:pɝ'uzəl peruse:pɝ'uz pessimist:p'ɛsəməst pestilence:p'ɛstələns pet:p'ɛt
petal:p'ɛtəl peter:p'itɝ petition:pət'ɪʃən petty:p'ɛt,i phase:f'Az phases:f'Azəz phebe:f'ibi phenomena:fən'ɑmənə phenomenon:fən'ɑmən,ɑn
phil:f'ɪl philip:f'ɪləp philippi:fɪl'ɪpi philosopher:fəl'ɑsəfɝ philosophers:fəl'ɑsəfɝz philosophical:f,ɪləs'ɑfɪkəl philosophy:fəl'ɑsəfi
phoebus:f'ibəs phoenix:f'inɪks phone:f'On phrase:fr'Az phrases:fr'Azəz physical:f'ɪzɪkəl physician:fəz'ɪʃən physicians:fəz'ɪʃənz
physicist:f'ɪzɪsɪst physicists:f'ɪzɪsɪsts physics:f'ɪzɪks piano:pi'ænO pick:p'ɪk picked:p'ɪkt picking:p'ɪkɪŋ pickle:p'ɪkəl picks:p'ɪks
picnic:p'ɪkn,ɪk picture:p'ɪkCɝ picture's:p'ɪkCɝz pictured:p'ɪkCɝd pictures:p'ɪkCɝz pie:p'I piece:p'is pieces:p'isəz pied:p'Id pierce:p'ɪrs
pierced:p'ɪrst piercing:p'ɪrsɪŋ pig:p'ɪg pigeons:p'ɪJənz piglet:p'ɪglɪt pigs:p'ɪgz pile:p'Il piled:p'Ild piles:p'Ilz pilgrimage:p'ɪlgrəməJ
pillow:p'ɪlO pilot:p'Ilət pilots:p'Iləts pin:p'ɪn pinch:p'ɪnC pine:p'In pink:p'ɪŋk pipe:p'Ip pipes:p'Ips pirate:p'Irət pirates:p'Irəts
pisa:p'isə piss:p'ɪs pistol:p'ɪstəl pit:p'ɪt pitch:p'ɪC pitcher:p'ɪCɝ pitied:p'ɪt,id pitiful:p'ɪtəfəl pits:p'ɪts pittsburgh:p'ɪtsbɝg
pity:p'ɪti pitying:p'ɪtiɪŋ pizza:p'itsə place:pl'As placed:pl'Ast places:pl'Asəz plagiarism:pl'AJɝ,ɪzəm plague:pl'Ag plagues:pl'Agz
plain:pl'An plainly:pl'Anli plains:pl'Anz plan:pl'æn plane:pl'An planet:pl'ænət planets:pl'ænəts planning:pl'ænɪŋ plans:pl'ænz plant:pl'ænt
planted:pl'æntɪd plants:pl'ænts plastic:pl'æstɪk plate:pl'At plato:pl'AtO plausible:pl'ɔzəbəl play:pl'A played:pl'Ad player:pl'Aɝ
players:pl'Aɝz playing:pl'Aɪŋ plays:pl'Az plea:pl'i plead:pl'id pleaded:pl'idɪd pleasant:pl'ɛzənt pleasantly:pl'ɛzəntli please:pl'iz
pleased:pl'izd pleases:pl'izɪz pleasing:pl'izɪŋ pleasure:pl'ɛʒɝ pleasures:pl'ɛʒɝz pledge:pl'ɛJ plenty:pl'ɛnti plight:pl'It plot:pl'ɑt
plots:pl'ɑts plotted:pl'ɑtɪd pluck:pl'ʌk plucked:pl'ʌkt plum:pl'ʌm plumbing:pl'ʌmɪŋ plunged:pl'ʌnJd plus:pl'ʌs ply:pl'I pocket:p'ɑkət
pockets:p'ɑkəts poem:p'Oəm poet:p'Oət poet's:p'Oəts poetry:p'Oətri poets:p'Oəts point:p'Ynt pointed:p'Yntɪd pointing:p'Yntɪŋ points:p'Ynts
poison:p'Yzən poisoning:p'Yzənɪŋ poisonous:p'Yzənəs poland:p'Olənd pole:p'Ol polecat:p'Olk,æt poles:p'Olz police:pəl'is policy:p'ɑləsi
polish:p'ɑlɪʃ polite:pəl'It politic:p'ɑlət,ɪk political:pəl'ɪtəkəl politician:p,ɑlət'ɪʃən politicians:p,ɑlət'ɪʃənz politics:p'ɑlət,ɪks
pomp:p'ɑmp pompey:p'ɑmpi pond:p'ɑnd pooh:p'u pool:p'ul pools:p'ulz poor:p'ur poorly:p'urli pope:p'Op poplar:p'ɑplɝ poppies:p'ɑpiz pops:p'ɑps
popular:p'ɑpjəlɝ population:p,ɑpjəl'Aʃən porch:p'ɔrC pornography:pɔrn'ɑgrəfi port:p'ɔrt porter:p'ɔrtɝ portia:p'ɔrʃə portion:p'ɔrʃən
ports:p'ɔrts position:pəz'ɪʃən positive:p'ɑzətɪv positively:p'ɑzətɪvli possess:pəz'ɛs possessed:pəz'ɛst possessing:pəz'ɛsɪŋ
possession:pəz'ɛʃən possessions:pəz'ɛʃənz possibility:p,ɑsəb'ɪlət,i possible:p'ɑsəbəl possibly:p'ɑsəbli post:p'Ost posterity:pɑst'ɛrəti
posters:p'Ostɝz posting:p'Ostɪŋ posture:p'ɑsCɝ pot:p'ɑt potato:pət'At,O potent:p'Otənt potential:pət'ɛnʃəl potions:p'Oʃənz pound:p'Wnd
pounds:p'Wndz pour:p'ɔr poured:p'ɔrd poverty:p'ɑvɝti powder:p'Wdɝ power:p'Wɝ powered:p'Wɝd powerful:p'Wɝfəl powerless:p'Wɝləs powers:p'Wɝz
pox:p'ɑks practical:pr'æktəkəl practice:pr'æktəs practise:pr'æktɪs practised:pr'æktɪst practises:pr'æktɪsɪz praise:pr'Az praised:pr'Azd
praises:pr'Azəz praising:pr'Azɪŋ pray:pr'A prayer:pr'ɛr prayers:pr'ɛrz prays:pr'Az pre:pr'i precedent:pr'ɛsɪdənt precepts:pr'is,ɛpts
precious:pr'ɛʃəs precise:prɪs'Is precisely:prɪs'Isli predict:prɪd'ɪkt prediction:prid'ɪkʃən prefer:prəf'ɝ preferred:prəf'ɝd
pregnant:pr'ɛgnənt prejudice:pr'ɛJədɪs prejudices:pr'ɛJədɪsɪz prelate:pr'ɛlɪt premise:pr'ɛmɪs prentice:pr'ɛntɪs preparation:pr,ɛpɝ'Aʃən
prepare:prip'ɛr prepared:prip'ɛrd preparing:prip'ɛrɪŋ presage:pr'ɛsɪJ prescriptions:prəskr'ɪpʃənz presence:pr'ɛzəns present:pr'ɛzənt
presentation:pr,ɛzənt'Aʃən presented:priz'ɛntɪd presently:pr'ɛzəntli presents:pr'ɛzənts preservation:pr,ɛzɝv'Aʃən preserve:prəz'ɝv
preserved:prəz'ɝvd presidency:pr'ɛzədənsi president:pr'ɛzəd,ɛnt presidents:pr'ɛzəd,ɛnts press:pr'ɛs pressing:pr'ɛsɪŋ pressure:pr'ɛʃɝ
presumably:prəz'uməbli presume:prɪz'um pretend:prit'ɛnd pretending:prit'ɛndɪŋ pretty:pr'ɪti prevail:prɪv'Al prevailed:prɪv'Ald
prevent:prɪv'ɛnt prevented:prɪv'ɛntɪd prevention:priv'ɛnʃən previous:pr'iviəs prey:pr'A priam:pr'I,æm price:pr'Is prices:pr'Isəz prick:pr'ɪk
pride:pr'Id priest:pr'ist priests:pr'ists primary:pr'Im,ɛri primate:pr'Im,At prime:pr'Im primitive:pr'ɪmətɪv prince:pr'ɪns prince's:pr'ɪnsɪz
princely:pr'ɪnsli princes:pr'ɪnsəz princess:pr'ɪnsɛs principal:pr'ɪnsəpəl principle:pr'ɪnsəpəl principles:pr'ɪnsəpəlz print:pr'ɪnt
printed:pr'ɪntɪd prints:pr'ɪnts prior:pr'Iɝ prison:pr'ɪzən prisoner:pr'ɪzənɝ prisoners:pr'ɪzənɝz private:pr'Ivət privately:pr'Ivətli
privilege:pr'ɪvləJ privileged:pr'ɪvləJd privy:pr'ɪvi prize:pr'Iz prized:pr'Izd prizes:pr'Izəz probability:pr,ɑbəb'ɪlət,i probable:pr'ɑbəbəl
probably:pr'ɑbəbl,i problem:pr'ɑbləm problems:pr'ɑbləmz procedure:prəs'iJɝ proceed:prəs'id proceeded:prəs'idɪd proceeding:prəs'idɪŋ
proceedings:prOs'idɪŋz proceeds:prəs'idz process:pr'ɑs,ɛs processes:pr'ɑsɛsəz procession:prəs'ɛʃən proclaim:prOkl'Am proclaimed:prOkl'Amd
proclaims:prOkl'Amz proclamation:pr,ɑkləm'Aʃən procure:prOkj'ʊr procured:prOkj'ʊrd prodigal:pr'ɑdɪgəl produce:prəd'us produced:prəd'ust
producer:prəd'usɝ producers:prəd'usɝz produces:prəd'usəz product:pr'ɑdəkt production:prəd'ʌkʃən productive:prəd'ʌktɪv
productivity:pr,Odəkt'ɪvəti products:pr'ɑdəkts profane:prOf'An profess:prəf'ɛs professed:prəf'ɛst profession:prəf'ɛʃən
professional:prəf'ɛʃənəl professionals:prəf'ɛʃənəlz professor:prəf'ɛsɝ profit:pr'ɑfət profound:prOf'Wnd profoundly:prOf'Wndli
prognosticate:pr,ɑgn'ɑstək,At program:pr'Ogr,æm programmer:pr'Ogr,æmɝ programmers:pr'Ogr,æmɝz programming:pr'Ogr,æmɪŋ programs:pr'Ogr,æmz
progress:pr'ɑgr,ɛs project:pr'ɑJɛkt projection:prəJ'ɛkʃən projects:pr'ɑJɛkts prologue:pr'Olɑg prominent:pr'ɑmənənt promise:pr'ɑməs
promised:pr'ɑməst promises:pr'ɑməsəz promising:pr'ɑməsɪŋ promote:prəm'Ot promoting:prəm'Otɪŋ promotion:prəm'Oʃən prone:pr'On
pronounce:prən'Wns pronounced:prən'Wnst proof:pr'uf proofs:pr'ufs propaganda:pr,ɑpəg'ændə proper:pr'ɑpɝ properly:pr'ɑpɝli property:pr'ɑpɝti
prophecies:pr'ɑfəsiz prophecy:pr'ɑfəsi prophet:pr'ɑfət prophetic:prəf'ɛtɪk prophets:pr'ɑfəts proportion:prəp'ɔrʃən proportional:prəp'ɔrʃənəl
proportions:prəp'ɔrʃənz propose:prəp'Oz proposed:prəp'Ozd proposition:pr,ɑpəz'ɪʃən prosper:pr'ɑspɝ prosperity:prɑsp'ɛrəti
prosperous:pr'ɑspɝəs protect:prət'ɛkt protected:prət'ɛktɪd protection:prət'ɛkʃən protector:prət'ɛktɝ protest:pr'Ot,ɛst
protestant:pr'ɑtəstənt proud:pr'Wd prouder:pr'Wdɝ proudest:pr'Wdəst proudly:pr'Wdli prove:pr'uv proved:pr'uvd proven:pr'uvən proverb:pr'ɑvɝb
proverbs:pr'ɑvɝbz proves:pr'uvz provide:prəv'Id provided:prəv'Idɪd providence:pr'ɑvədəns provides:prəv'Idz providing:prəv'Idɪŋ
proving:pr'uvɪŋ provision:prəv'ɪʒən provoke:prəv'Ok provoked:prəv'Okt provokes:prəv'Oks provost:pr'OvOst prudent:pr'udənt prunes:pr'unz
pry:pr'I pseudoscience:s,udOs'Iəns psi:s'I psychiatrists:sək'Iətrəsts psychic:s'Ikɪk psychologists:sIk'ɑləJəsts psychology:sIk'ɑləJi
public:p'ʌblɪk publicly:p'ʌblɪkli publish:p'ʌblɪʃ published:p'ʌblɪʃt publishing:p'ʌblɪʃɪŋ pudding:p'ʊdɪŋ puff:p'ʌf pull:p'ʊl pulled:p'ʊld
pulling:p'ʊlɪŋ pulls:p'ʊlz pun:p'ʌn punched:p'ʌnCt punish:p'ʌnɪʃ punishment:p'ʌnɪʃmənt pupil:pj'upəl purchase:p'ɝCəs purchased:p'ɝCəst
pure:pj'ʊr purely:pj'ʊrli purest:pj'ʊrəst purge:p'ɝJ purging:p'ɝJɪŋ purity:pj'ʊrəti purple:p'ɝpəl purpose:p'ɝpəs purposes:p'ɝpəsəz
purse:p'ɝs pursue:pɝs'u pursued:pɝs'ud pursuing:pɝs'uɪŋ pursuit:pɝs'ut push:p'ʊʃ pushed:p'ʊʃt put:p'ʊt puts:p'ʊts putting:p'ʌtɪŋ
puzzle:p'ʌzəl puzzled:p'ʌzəld pyramid:p'ɪrəmɪd pyramids:p'ɪrəmɪdz python:p'Iθɑn q:kj'u quake:kw'Ak qualified:kw'ɑləf,Id qualify:kw'ɑləf,I
qualities:kw'ɑlətiz quality:kw'ɑləti quantity:kw'ɑntəti quantum:kw'ɑntəm quarrel:kw'ɔrəl quarrels:kw'ɔrəlz quarry:kw'ɔri quarter:kw'ɔrtɝ
quarters:kw'ɔrtɝz quay:k'i que:kj'u queen:kw'in queen's:kw'inz queens:kw'inz quench:kw'ɛnC quentin:kw'ɛntɪn quest:kw'ɛst question:kw'ɛsCən
questioning:kw'ɛsCənɪŋ questions:kw'ɛsCənz quick:kw'ɪk quicker:kw'ɪkɝ quickly:kw'ɪkli quiet:kw'Iət quietly:kw'Iətli quill:kw'ɪl quit:kw'ɪt
quite:kw'It quiver:kw'ɪvɝ quotation:kwOt'Aʃən quotations:kwOt'Aʃənz quote:kw'Ot quoted:kw'Otɪd quoth:kw'Oθ quoting:kw'Otɪŋ r:'ɑr
rabbit:r'æbət rabbits:r'æbəts race:r'As races:r'Asəz racing:r'Asɪŋ rack:r'æk radiation:r,Adi'Aʃən radical:r'ædəkəl radio:r'Adi,O rage:r'AJ
rages:r'AJɪz ragged:r'ægəd raging:r'AJɪŋ rags:r'ægz rail:r'Al rails:r'Alz rain:r'An rainbow:r'Anb,O rainy:r'Ani raise:r'Az raised:r'Azd
raises:r'Azəz raising:r'Azɪŋ ralph:r'ælf ram:r'æm ran:r'æn rand:r'ænd random:r'ændəm range:r'AnJ ranged:r'AnJd ranger:r'AnJɝ rank:r'æŋk
ranks:r'æŋks ransom:r'ænsəm ransoms:r'ænsəmz rap:r'æp rape:r'Ap rapidly:r'æpədli rapier:r'Apiɝ rare:r'ɛr rarely:r'ɛrli rarities:r'ɛrɪtiz
rascal:r'æskəl rascals:r'æskəlz rash:r'æʃ rat:r'æt rate:r'At rated:r'Atɪd rates:r'Ats rather:r'æðɝ rational:r'æʃənəl rats:r'æts
rattling:r'ætlɪŋ raven:r'Avən raving:r'Avɪŋ raw:r'ɑ ray:r'A raymond:r'Amənd rays:r'Az razed:r'Azd razor:r'Azɝ re:r'A reach:r'iC
reached:r'iCt reaches:r'iCəz reaching:r'iCɪŋ reaction:ri'ækʃən read:r'ɛd reader:r'idɝ readers:r'idɝz readily:r'ɛdəli readiness:r'ɛdinəs
reading:r'idɪŋ reads:r'idz ready:r'ɛdi reagan:r'Agən real:r'il reality:r,i'ælət,i realize:r'iəl,Iz realized:r'iəl,Izd realizes:r'iəl,Izɪz
really:r'ɪli realm:r'ɛlm reap:r'ip rear:r'ɪr reason:r'izən reasonable:r'izənəbəl reasoning:r'izənɪŋ reasons:r'izənz rebel:r'ɛbəl
rebellion:rɪb'ɛljən rebellious:rɪb'ɛljəs rebels:r'ɛbəlz rebuke:ribj'uk rebuked:rɪbj'ukt recall:r'ik,ɔl receipt:rɪs'it receive:rəs'iv
received:rəs'ivd receives:rəs'ivz receiving:rəs'ivɪŋ recent:r'isənt recently:r'isəntli reception:rɪs'ɛpʃən recipe:r'ɛsəpi recite:rəs'It
reckon:r'ɛkən reckoning:r'ɛkənɪŋ recognition:r,ɛkəgn'ɪʃən recognizable:r,ɛkəgn'Izəbəl recognize:r'ɛkəgn,Iz recognized:r'ɛkəgn,Izd
recoil:rik'Yl recommend:r,ɛkəm'ɛnd recompense:r'ɛkəmp,ɛns record:rək'ɔrd recorded:rək'ɔrdɪd recording:rək'ɔrdɪŋ records:rək'ɔrdz
recount:rɪk'Wnt recounting:rɪk'Wntɪŋ recourse:r'ikɔrs recover:rɪk'ʌvɝ recovered:rək'ʌvɝd recovery:rɪk'ʌvri red:r'ɛd reddest:r'ɛdɪst
redeem:rɪd'im redeeming:rɪd'imɪŋ redress:rɪdr'ɛs reduce:rəd'us reed:r'id reedy:r'idi reeks:r'iks refer:rəf'ɝ reference:r'ɛfɝəns
referring:rɪf'ɝɪŋ refined:rəf'Ind reflect:rɪfl'ɛkt reflected:rɪfl'ɛktɪd reflection:rɪfl'ɛkʃən reform:rəf'ɔrm refreshing:rɪfr'ɛʃɪŋ
refuge:r'ɛfjuJ refuse:rəfj'uz refused:rəfj'uzd refusing:rəfj'uzɪŋ regal:r'igəl regan:r'igən regard:rɪg'ɑrd regarded:rɪg'ɑrdɪd
regards:rɪg'ɑrdz regent:r'iJənt region:r'iJən register:r'ɛJɪstɝ registers:r'ɛJəstɝz regret:rəgr'ɛt regular:r'ɛgjəlɝ rehearse:rih'ɝs
rehearsed:rih'ɝst reign:r'An reigns:r'Anz reincarnation:r,iɪnkɑrn'Aʃən reject:rɪJ'ɛkt rejected:rɪJ'ɛktɪd rejoice:rɪJ'Ys relate:rɪl'At
related:rɪl'Atɪd relation:ril'Aʃən relations:ril'Aʃənz relationship:ril'Aʃənʃ,ɪp relationships:ril'Aʃənʃ,ɪps relative:r'ɛlətɪv relax:rɪl'æks
released:ril'ist releasing:ril'isɪŋ relent:rɪl'ɛnt reliable:rɪl'Iəbəl relief:rɪl'if relieve:rɪl'iv relieved:rɪl'ivd religion:rɪl'ɪJən
religions:ril'ɪJənz religious:rɪl'ɪJəs relish:r'ɛlɪʃ remain:rɪm'An remaining:rɪm'Anɪŋ remains:rɪm'Anz remarkable:rɪm'ɑrkəbəl
remarked:rɪm'ɑrkt remedy:r'ɛmədi remember:rɪm'ɛmbɝ remembered:rɪm'ɛmbɝd remembers:rɪm'ɛmbɝz remembrance:rim'ɛmbrəns remind:rim'Ind
reminded:rim'Indɪd reminders:rim'Indɝz remorse:rɪm'ɔrs remote:rɪm'Ot remove:rim'uv removed:rim'uvd remover:rɪm'uvɝ removing:rim'uvɪŋ
renaissance:r,ɛnəs'ɑns render:r'ɛndɝ rendering:r'ɛndɝɪŋ renew:rɪn'u renown:rɪn'Wn renowned:rɪn'Wnd rent:r'ɛnt rents:r'ɛnts repair:rɪp'ɛr
repay:rip'A repeat:rɪp'it repeated:rɪp'itɪd repeats:rɪp'its repel:rɪp'ɛl repent:rɪp'ɛnt repentance:rɪp'ɛntəns repetition:r,ɛpət'ɪʃən
replaced:r,ipl'Ast replacement:rɪpl'Asmənt replete:ripl'it replied:rɪpl'Id replies:rɪpl'Iz reply:rɪpl'I report:rip'ɔrt reported:r,ip'ɔrtɪd
reporter:rɪp'ɔrtɝ reports:rɪp'ɔrts repose:rip'Oz represent:r,ɛprɪz'ɛnt representation:r,ɛprəzɛnt'Aʃən representatives:r,ɛprəz'ɛntətɪvz
represents:r,ɛprɪz'ɛnts reproach:ripr'OC republic:rip'ʌblək reputation:r,ɛpjət'Aʃən request:rɪkw'ɛst requests:rɪkw'ɛsts require:r,ikw'Iɝ
required:rikw'Iɝd requires:rikw'Iɝz requiring:rikw'Iɝɪŋ rescue:r'ɛskju research:ris'ɝC resemble:rɪz'ɛmbəl resembles:rɪz'ɛmbəlz
resembling:rɪz'ɛmbəlɪŋ resent:rɪz'ɛnt reservation:r,ɛzɝv'Aʃən reserve:rɪz'ɝv reserved:rɪz'ɝvd residence:r'ɛzɪdəns resign:rɪz'In
resigned:rɪz'Ind resist:rɪz'ɪst resistance:rɪz'ɪstəns resolute:r'ɛzəl,ut resolution:r,ɛzəl'uʃən resolve:riz'ɑlv resolved:riz'ɑlvd
resort:rɪz'ɔrt resources:r'isɔrsɪz respect:rɪsp'ɛkt respectable:rɪsp'ɛktəbəl respected:rɪsp'ɛktɪd respects:rɪsp'ɛkts response:rɪsp'ɑns
responsibility:risp,ɑnsəb'ɪləti responsible:risp'ɑnsəbəl rest:r'ɛst restaurant:r'ɛstɝ,ɑnt restaurants:r'ɛstɝ,ɑnts restful:r'ɛstfəl
resting:r'ɛstɪŋ restless:r'ɛstləs restore:rɪst'ɔr restored:rɪst'ɔrd restrain:ristr'An restraint:rɪstr'Ant restrictions:ristr'ɪkʃənz
rests:r'ɛsts result:rɪz'ʌlt results:rɪz'ʌlts retain:rɪt'An retention:rit'ɛnʃən retire:rɪt'Ir retired:rɪt'Ird retreat:ritr'it return:rɪt'ɝn
returned:rɪt'ɝnd returning:rɪt'ɝnɪŋ returns:rɪt'ɝnz rev:r'ɛv reveal:rɪv'il revealed:rɪv'ild revealing:rɪv'ilɪŋ reveals:rɪv'ilz revel:r'ɛvəl
revels:r'ɛvəlz revenge:riv'ɛnJ revenue:r'ɛvən,u revenues:r'ɛvən,uz reverence:r'ɛvɝəns reverend:r'ɛvɝənd reverie:r'ɛvɝi reversal:rɪv'ɝsəl
review:r,ivj'u revolt:rɪv'Olt revolted:rɪv'Oltɪd revolution:r,ɛvəl'uʃən revolutionary:r,ɛvəl'uʃən,ɛri reward:rɪw'ɔrd rewarded:rɪw'ɔrdɪd
rewards:rɪw'ɔrdz rhetoric:r'ɛtɝɪk rhyme:r'Im rib:r'ɪb ribs:r'ɪbz rice:r'Is rich:r'ɪC richard:r'ɪCɝd richard's:r'ɪCɝdz richer:r'ɪCɝ
riches:r'ɪCəz richest:r'ɪCəst richly:r'ɪCli richmond:r'ɪCmənd rick:r'ɪk rid:r'ɪd ride:r'Id rider:r'Idɝ rides:r'Idz ridiculous:rɪd'ɪkjələs
riding:r'Idɪŋ rigged:r'ɪgd right:r'It righteous:r'ICəs rightful:r'Itfəl rightly:r'Itli rights:r'Its rigor:r'ɪgɝ ring:r'ɪŋ rings:r'ɪŋz
riot:r'Iət rip:r'ɪp ripe:r'Ip rise:r'Iz rises:r'Izəz rising:r'Izɪŋ risk:r'ɪsk risks:r'ɪsks rite:r'It rites:r'Its ritz:r'ɪts river:r'ɪvɝ
rivers:r'ɪvɝz road:r'Od roads:r'Odz roar:r'ɔr roaring:r'ɔrɪŋ roast:r'Ost rob:r'ɑb robbery:r'ɑbɝi robbing:r'ɑbɪŋ robbins:r'ɑbɪnz robe:r'Ob
robert:r'ɑbɝt robertson:r'ɑbɝtsən robes:r'Obz robin:r'ɑbən robinson:r'ɑbənsən robot:r'Ob,ɑt robots:r'Ob,ɑts robs:r'ɑbz rock:r'ɑk
rocket:r'ɑkət rockford:r'ɑkfɝd rocks:r'ɑks rocky:r'ɑki rod:r'ɑd rode:r'Od rodney:r'ɑdni roger:r'ɑJɝ rogers:r'ɑJɝz rogue:r'Og rogues:r'Ogz
role:r'Ol rolex:r'Olɛks roll:r'Ol rolled:r'Old rolling:r'Olɪŋ rolls:r'Olz roman:r'Omən romance:rOm'æns romans:r'Omənz romantic:rOm'æntɪk
rome:r'Om rome's:r'Omz romeo:r'Omi,O romeo's:r'Omi,Oz ronald:r'ɑnəld rood:r'ud roof:r'uf room:r'um rooms:r'umz roosevelt:r'Ozəv,ɛlt
root:r'ut rooted:r'utəd roots:r'uts rope:r'Op rosalind:r'ɑzəlɪnd rose:r'Oz roses:r'Ozɪz ross:r'ɑs rosy:r'Ozi rot:r'ɑt rotten:r'ɑtən
rough:r'ʌf roughly:r'ʌfli round:r'Wnd rounds:r'Wndz rouse:r'Ws roused:r'Wzd route:r'ut roy:r'Y royal:r'Yəl royalty:r'Yəlti rub:r'ʌb
rubber:r'ʌbɝ rubbish:r'ʌbɪʃ rubble:r'ʌbəl rude:r'ud rudely:r'udli rudest:r'udəst rue:r'u rugby:r'ʌgbi ruin:r'uən ruined:r'uənd
ruining:r'uɪnɪŋ ruins:r'uənz rule:r'ul ruled:r'uld ruler:r'ulɝ rules:r'ulz ruminate:r'umɪn,At rumour:r'umɝ run:r'ʌn runner:r'ʌnɝ
running:r'ʌnɪŋ runs:r'ʌnz rush:r'ʌʃ rushes:r'ʌʃəz rushing:r'ʌʃɪŋ russell:r'ʌsəl russian:r'ʌʃən russians:r'ʌʃənz rust:r'ʌst rut:r'ʌt
ruth:r'uθ rutherford:r'ʌθɝfɝd ruthless:r'uθləs rutland:r'ʌtlənd rye:r'I s:'ɛs sabbath:s'æbəθ sable:s'Abəl sack:s'æk sacramento:s,ækrəm'ɛntO
sacred:s'Akrəd sacrifice:s'ækrəf,Is sacrificed:s'ækrəf,Ist sad:s'æd saddle:s'ædəl sadly:s'ædli sadness:s'ædnəs safe:s'Af safeguard:s'Afg,ɑrd
safely:s'Afli safer:s'Afɝ safety:s'Afti sagan:s'Agən sages:s'AJɪz said:s'ɛd sail:s'Al sailed:s'Ald sailors:s'Alɝz sails:s'Alz saint:s'Ant
saints:s'Ants sake:s'Ak salad:s'æləd sale:s'Al salesman:s'Alzmən salisbury:s'ælzbɝi salmon:s'æmən salt:s'ɔlt salute:səl'ut salve:s'ɑv
sam:s'æm same:s'Am sample:s'æmpəl samuel:s'æmjul san:s'æn sanctuary:s'æŋkCu,ɛri sand:s'ænd sands:s'ændz sandy:s'ændi sane:s'An sang:s'æŋ
sanity:s'ænəti sank:s'æŋk sans:s'ænz santa:s'æntə santayana:sænt,I'ɑnə sap:s'æp sartre:s'ɑrtrə sat:s'æt satan:s'Atən satire:s'æt,Iɝ
satisfaction:s,ætəsf'ækʃən satisfied:s'ætəsf,Id satisfy:s'ætəsf,I satisfying:s'ætɪsf,Iɪŋ saturday:s'ætɝdi saturn:s'ætɝn sauce:s'ɔs
sauces:s'ɔsəz saucy:s'ɔsi saul:s'ɔl savage:s'ævəJ save:s'Av saved:s'Avd saves:s'Avz saving:s'Avɪŋ saw:s'ɔ say:s'A saying:s'Aɪŋ says:s'ɛz
scale:sk'Al scandal:sk'ændəl scape:sk'Ap scarce:sk'ɛrs scarcely:sk'ɛrsli scared:sk'ɛrd scarlet:sk'ɑrlət scars:sk'ɑrz scatter:sk'ætɝ
scene:s'in scenes:s'inz sceptre:s'ɛptɝ schedule:sk'ɛJʊl schizophrenic:ʃ,ɪzəfr'ɛnɪk scholar:sk'ɑlɝ scholars:sk'ɑlɝz scholarship:sk'ɑlɝʃ,ɪp
school:sk'ul schoolboy:sk'ulb,Y schooling:sk'ulɪŋ schoolmaster:sk'ulm,æstɝ schools:sk'ulz schulz:ʃ'ʊlts schweitzer:ʃw'Itsɝ science:s'Iəns
sciences:s'Iənsəz scientific:s,Iənt'ɪfɪk scientist:s'Iəntɪst scientists:s'Iəntɪsts scope:sk'Op score:sk'ɔr scorn:sk'ɔrn scorns:sk'ɔrnz
scot:sk'ɑt scotland:sk'ɑtlənd scots:sk'ɑts scott:sk'ɑt scoundrel:sk'Wndrəl scourge:sk'ɝJ scout:sk'Wt scratch:skr'æC scratches:skr'æCəz
scream:skr'im screamed:skr'imd screaming:skr'imɪŋ screen:skr'in screw:skr'u scripture:skr'ɪpCɝ scruple:skr'upəl scum:sk'ʌm scythe:s'ɪθ
sea:s'i sea's:s'iz seal:s'il seals:s'ilz sean:ʃ'ɔn search:s'ɝC searching:s'ɝCɪŋ seas:s'iz season:s'izən seasons:s'izənz seat:s'it
seated:s'itɪd seats:s'its sebastian:səb'æsCən second:s'ɛkənd seconds:s'ɛkəndz secrecy:s'ikrəsi secret:s'ikrət secretary:s'ɛkrət,ɛri
secretly:s'ikrɪtli secrets:s'ikrəts section:s'ɛkʃən secure:sɪkj'ʊr security:sɪkj'ʊrəti sedge:s'ɛJ see:s'i seed:s'id seeing:s'iɪŋ seek:s'ik
seeking:s'ikɪŋ seeks:s'iks seem:s'im seemed:s'imd seeming:s'imɪŋ seemingly:s'imɪŋli seems:s'imz seen:s'in sees:s'iz seething:s'iðɪŋ
seize:s'iz seized:s'izd seldom:s'ɛldəm selected:səl'ɛktɪd selection:səl'ɛkʃən self:s'ɛlf sell:s'ɛl selling:s'ɛlɪŋ semantic:sɪm'æntɪk
semblance:s'ɛmbləns semester:səm'ɛstɝ seminar:s'ɛmən,ɑr senate:s'ɛnət senator:s'ɛnətɝ senators:s'ɛnətɝz send:s'ɛnd sending:s'ɛndɪŋ
sends:s'ɛndz seneca:s'ɛnəkə senior:s'injɝ sense:s'ɛns senseless:s'ɛnsləs senses:s'ɛnsɪz sensible:s'ɛnsəbəl sensitive:s'ɛnsətɪv
sensual:s'ɛnʃəwəl sent:s'ɛnt sentence:s'ɛntəns sentenced:s'ɛntənst sentences:s'ɛntənsəz sentiment:s'ɛntəmənt separate:s'ɛpɝ,At
separated:s'ɛpɝ,Atɪd separation:s,ɛpɝ'Aʃən sept:s'ɛpt september:sɛpt'ɛmbɝ sequel:s'ikwəl sequence:s'ikwəns sequent:s'ikwənt series:s'ɪriz
serious:s'ɪriəs seriously:s'ɪriəsli serpent:s'ɝpənt serpent's:s'ɝpənts servant:s'ɝvənt servants:s'ɝvənts serve:s'ɝv served:s'ɝvd
serves:s'ɝvz service:s'ɝvəs services:s'ɝvəsəz serving:s'ɝvɪŋ session:s'ɛʃən sessions:s'ɛʃənz set:s'ɛt sets:s'ɛts setting:s'ɛtɪŋ
settle:s'ɛtəl settled:s'ɛtəld seven:s'ɛvən seventh:s'ɛvənθ seventy:s'ɛvənti several:s'ɛvrəl sex:s'ɛks sexton:s'ɛkstən seymour:s'imɔr
shade:ʃ'Ad shadow:ʃ'æd,O shadows:ʃ'æd,Oz shadowy:ʃ'ædOi shady:ʃ'Adi shaft:ʃ'æft shake:ʃ'Ak shaken:ʃ'Akən shakes:ʃ'Aks shakespeare:ʃ'Aksp,ir
shaking:ʃ'Akɪŋ shall:ʃ'æl shallow:ʃ'ælO shalt:ʃ'ælt sham:ʃ'æm shame:ʃ'Am shamed:ʃ'Amd shameful:ʃ'Amfəl shames:ʃ'Amz shape:ʃ'Ap shaped:ʃ'Apt
shapes:ʃ'Aps share:ʃ'ɛr shared:ʃ'ɛrd sharing:ʃ'ɛrɪŋ shark:ʃ'ɑrk sharp:ʃ'ɑrp shaw:ʃ'ɔ she:ʃ'i she'd:ʃ'id she'll:ʃ'il she's:ʃ'iz shears:ʃ'irz
sheaves:ʃ'ivz sheba:ʃ'ibə shed:ʃ'ɛd sheds:ʃ'ɛdz sheep:ʃ'ip sheer:ʃ'ɪr sheet:ʃ'it sheets:ʃ'its shell:ʃ'ɛl shelter:ʃ'ɛltɝ shepherd:ʃ'ɛpɝd
shepherd's:ʃ'ɛpɝdz sheriff:ʃ'ɛrəf sherlock:ʃ'ɝl,ɑk shield:ʃ'ild shift:ʃ'ɪft shifting:ʃ'ɪftɪŋ shifts:ʃ'ɪfts shine:ʃ'In shines:ʃ'Inz
shining:ʃ'Inɪŋ ship:ʃ'ɪp shipboard:ʃ'ɪpb,ɔrd ships:ʃ'ɪps shirley:ʃ'ɝli shirt:ʃ'ɝt shirts:ʃ'ɝts shock:ʃ'ɑk shoe:ʃ'u shoes:ʃ'uz shook:ʃ'ʊk
shoot:ʃ'ut shooting:ʃ'utɪŋ shoots:ʃ'uts shop:ʃ'ɑp shopping:ʃ'ɑpɪŋ shore:ʃ'ɔr shores:ʃ'ɔrz shorn:ʃ'ɔrn short:ʃ'ɔrt shortage:ʃ'ɔrtəJ
shortcake:ʃ'ɔrtk,Ak shorter:ʃ'ɔrtɝ shortly:ʃ'ɔrtli shot:ʃ'ɑt shotgun:ʃ'ɑtg,ʌn should:ʃ'ʊd shoulder:ʃ'Oldɝ shoulders:ʃ'Oldɝz
shouldn't:ʃ'ʊdənt shout:ʃ'Wt shouted:ʃ'Wtɪd shouting:ʃ'Wtɪŋ show:ʃ'O showed:ʃ'Od shower:ʃ'Wɝ showers:ʃ'Wɝz showing:ʃ'Oɪŋ shown:ʃ'On
shows:ʃ'Oz shrewd:ʃr'ud shrewsbury:ʃr'Ozbri shrill:ʃr'ɪl shrink:ʃr'ɪŋk shroud:ʃr'Wd shrugged:ʃr'ʌgd shudders:ʃ'ʌdɝz shun:ʃ'ʌn shut:ʃ'ʌt
shuttle:ʃ'ʌtəl shylock:ʃ'Il,ɑk sicilia:sɪs'ɪljə sicilian:sɪs'ɪliən sicily:s'ɪsəli sick:s'ɪk sicken:s'ɪkən sickle:s'ɪkəl sickly:s'ɪkli
sickness:s'ɪknəs side:s'Id sides:s'Idz sidewalk:s'Idw,ɔk sidney:s'ɪdni siege:s'iJ sigh:s'I sighed:s'Id sighing:s'Iɪŋ sighs:s'Iz sight:s'It
sights:s'Its sigmund:s'ɪgmənd sign:s'In signal:s'ɪgnəl signed:s'Ind significant:səgn'ɪfɪkənt signify:s'ɪgnəf,I signs:s'Inz silence:s'Iləns
silenced:s'Ilənst silent:s'Ilənt silk:s'ɪlk silken:s'ɪlkən silly:s'ɪli silva:s'ɪlvə silver:s'ɪlvɝ silvia:s'ɪlviə similar:s'ɪməlɝ
simon:s'Imən simple:s'ɪmpəl simpler:s'ɪmpəlɝ simplicity:sɪmpl'ɪsəti simply:s'ɪmpli simultaneously:s,Iməlt'Aniəsli sin:s'ɪn sinatra:sən'ɑtrə
since:s'ɪns sincerity:sɪns'ɛrəti sinful:s'ɪnfəl sing:s'ɪŋ singing:s'ɪŋɪŋ single:s'ɪŋgəl sings:s'ɪŋz singular:s'ɪŋgjəlɝ sink:s'ɪŋk
sinks:s'ɪŋks sinner:s'ɪnɝ sins:s'ɪnz sir:s'ɝ sire:s'Iɝ siren:s'Irən sirens:s'Irənz sirs:s'ɝrz sister:s'ɪstɝ sister's:s'ɪstɝz sisters:s'ɪstɝz
sit:s'ɪt sits:s'ɪts sitting:s'ɪtɪŋ situation:s,ɪCu'Aʃən situations:s,ɪCu'Aʃənz six:s'ɪks sixteen:sɪkst'in sixth:s'ɪksθ sixty:s'ɪksti
size:s'Iz skeleton:sk'ɛlətən skeptic:sk'ɛptɪk skeptical:sk'ɛptəkəl skepticism:sk'ɛptɪs,ɪzəm skeptics:sk'ɛptɪks skies:sk'Iz skill:sk'ɪl
skills:sk'ɪlz skin:sk'ɪn skipping:sk'ɪpɪŋ sky:sk'I skywalker:sk'Iw,ɔkɝ slack:sl'æk slain:sl'An slander:sl'ændɝ slandering:sl'ændɝɪŋ
slanders:sl'ændɝz slaughter:sl'ɔtɝ slave:sl'Av slavery:sl'Avɝi slaves:sl'Avz slay:sl'A sleep:sl'ip sleeping:sl'ipɪŋ sleeps:sl'ips
sleepy:sl'ipi sleeve:sl'iv sleeves:sl'ivz slender:sl'ɛndɝ slept:sl'ɛpt sleuth:sl'uθ slew:sl'u slide:sl'Id slides:sl'Idz slight:sl'It
slightest:sl'Itəst slightly:sl'Itli slimy:sl'Imi slip:sl'ɪp slips:sl'ɪps slob:sl'ɑb slope:sl'Op sloppy:sl'ɑpi slow:sl'O slowly:sl'Oli
slumber:sl'ʌmbɝ slumbering:sl'ʌmbɝɪŋ sly:sl'I small:sm'ɔl smaller:sm'ɔlɝ smallest:sm'ɔləst smart:sm'ɑrt smarter:sm'ɑrtɝ smell:sm'ɛl
smelled:sm'ɛld smells:sm'ɛlz smile:sm'Il smiled:sm'Ild smiles:sm'Ilz smiling:sm'Ilɪŋ smith:sm'ɪθ smoke:sm'Ok smoking:sm'Okɪŋ smooth:sm'uð
smother:sm'ʌðɝ snail:sn'Al snake:sn'Ak snakes:sn'Aks snapped:sn'æpt snoopy:sn'upi snow:sn'O snows:sn'Oz so:s'O soap:s'Op soar:s'ɔr
sober:s'Obɝ sociable:s'Oʃəbəl social:s'Oʃəl socialism:s'Oʃəl,ɪzəm societies:səs'Iətiz society:səs'Iəti socks:s'ɑks socrates:s'ɑkrət,iz
soda:s'Odə soft:s'ɑft softly:s'ɔftli software:s'ɔftw,ɛr soil:s'Yl solar:s'Olɝ sold:s'Old soldier:s'OlJɝ soldier's:s'OlJɝz soldiers:s'OlJɝz
sole:s'Ol solemn:s'ɑləm solicit:səl'ɪsɪt solid:s'ɑləd solitary:s'ɑlət,ɛri solitude:s'ɑlət,ud solo:s'Ol,O solomon:s'ɑləmən solution:səl'uʃən
solutions:səl'uʃənz solve:s'ɑlv solved:s'ɑlvd some:s'ʌm somebody:s'ʌmb,ɑdi somebody's:s'ʌmb,ɑdiz someday:s'ʌmd,A somehow:s'ʌmh,W
someone:s'ʌmw,ʌn someone's:s'ʌmw,ʌnz somerset:s'ʌmɝs,ɛt something:s'ʌmθɪŋ something's:s'ʌmθɪŋz sometime:s'ʌmt,Im sometimes:səmt'Imz
somewhat:s'ʌmw'ʌt somewhere:s'ʌmw,ɛr son:s'ʌn son's:s'ʌnz song:s'ɔŋ songs:s'ɔŋz sons:s'ʌnz soon:s'un sooner:s'unɝ
sophisticated:səf'ɪstək,Atɪd sore:s'ɔr sorrow:s'ɑrO sorrows:s'ɑrOz sorry:s'ɑri sort:s'ɔrt sorts:s'ɔrts sought:s'ɔt soul:s'Ol souls:s'Olz
sound:s'Wnd sounded:s'Wndɪd sounding:s'Wndɪŋ soundly:s'Wndli sounds:s'Wndz soup:s'up sour:s'Wɝ source:s'ɔrs south:s'Wθ southern:s'ʌðɝn
sovereign:s'ɑvrən sovereignty:s'ɑvrənti soviet:s'Oviət sow:s'W space:sp'As spacious:sp'Aʃəs spain:sp'An spake:sp'Ak span:sp'æn
spanish:sp'ænɪʃ spare:sp'ɛr spared:sp'ɛrd spark:sp'ɑrk sparkling:sp'ɑrklɪŋ sparks:sp'ɑrks sparrow:sp'ɛrO speak:sp'ik speaker:sp'ikɝ
speaking:sp'ikɪŋ speaks:sp'iks spears:sp'ɪrz special:sp'ɛʃəl species:sp'iʃiz specific:spəs'ɪfɪk specifications:sp,ɛsəfək'Aʃənz speck:sp'ɛk
specks:sp'ɛks spectacle:sp'ɛktəkəl speculation:sp,ɛkjəl'Aʃən sped:sp'ɛd speech:sp'iC speeches:sp'iCəz speechless:sp'iCləs speed:sp'id
speedily:sp'idəli speeds:sp'idz speedy:sp'id,i spell:sp'ɛl spelling:sp'ɛlɪŋ spend:sp'ɛnd spending:sp'ɛndɪŋ spends:sp'ɛndz spent:sp'ɛnt
sphere:sf'ɪr spheres:sf'ɪrz spherical:sf'ɛrɪkəl spider:sp'Idɝ spies:sp'Iz spill:sp'ɪl spin:sp'ɪn spinning:sp'ɪnɪŋ spirit:sp'ɪrət
spirited:sp'ɪrɪtɪd spirits:sp'ɪrɪts spiritual:sp'ɪrɪC,uəl spit:sp'ɪt spite:sp'It spleen:spl'in splendor:spl'ɛndɝ split:spl'ɪt spock:sp'ɑk
spoil:sp'Yl spoils:sp'Ylz spoke:sp'Ok spoken:sp'Okən spontaneous:spɑnt'Aniəs sport:sp'ɔrt sports:sp'ɔrts spot:sp'ɑt spotted:sp'ɑtɪd
spouse:sp'Ws sprang:spr'æŋ spread:spr'ɛd spring:spr'ɪŋ springs:spr'ɪŋz sprung:spr'ʌŋ spud:sp'ʌd spur:sp'ɝ spurn:sp'ɝn spurred:sp'ɝd
spurring:sp'ɝɪŋ spurs:sp'ɝz spy:sp'I square:skw'ɛr squire:skw'Ir squirrel:skw'ɝəl sr:s'injɝ st:str'it stab:st'æb stability:stəb'ɪlɪti
stable:st'Abəl staff:st'æf stafford:st'æfɝd stage:st'AJ stages:st'AJəz staggering:st'ægɝ,ɪŋ stain:st'An staining:st'Anɪŋ stairs:st'ɛrz
stake:st'Ak stakes:st'Aks stale:st'Al stall:st'ɔl stamp:st'æmp stamped:st'æmpt stand:st'ænd standard:st'ændɝd standards:st'ændɝdz
standing:st'ændɪŋ stands:st'ændz stanislaw:st'ænɪsl,ɔ stanley:st'ænli star:st'ɑr stare:st'ɛr staring:st'ɛrɪŋ stark:st'ɑrk
starlight:st'ɑrl,It starry:st'ɑr,i stars:st'ɑrz start:st'ɑrt started:st'ɑrtɪd starting:st'ɑrtɪŋ startled:st'ɑrtəld starts:st'ɑrts
starve:st'ɑrv starved:st'ɑrvd starving:st'ɑrvɪŋ state:st'At stated:st'Atɪd stately:st'Atli statement:st'Atmənt statements:st'Atmənts
states:st'Ats statesman:st'Atsmən static:st'ætɪk stating:st'Atɪŋ station:st'Aʃən statistics:stət'ɪstɪks statue:st'æC,u statues:st'æC,uz
stature:st'æCɝ status:st'ætəs statute:st'æCut stay:st'A stayed:st'Ad staying:st'Aɪŋ stays:st'Az stead:st'ɛd steady:st'ɛdi steak:st'Ak
steal:st'il stealing:st'ilɪŋ steals:st'ilz stealth:st'ɛlθ steam:st'im steed:st'id steel:st'il steep:st'ip steering:st'ɪrɪŋ stem:st'ɛm
stengel:st'ɛŋgəl step:st'ɛp stephen:st'ivən stepped:st'ɛpt steps:st'ɛps stern:st'ɝn steve:st'iv steven:st'ivən stevenson:st'ivənsən
steward:st'uɝd stewards:st'uɝdz stick:st'ɪk sticking:st'ɪkɪŋ sticks:st'ɪks stiff:st'ɪf still:st'ɪl sting:st'ɪŋ stinking:st'ɪŋkɪŋ
stinks:st'ɪŋks stir:st'ɝ stirring:st'ɝɪŋ stirs:st'ɝz stock:st'ɑk stockings:st'ɑkɪŋz stocks:st'ɑks stole:st'Ol stolen:st'Olən stomach:st'ʌmək
stomachs:st'ʌməks stone:st'On stone's:st'Onz stones:st'Onz stony:st'Oni stood:st'ʊd stool:st'ul stoop:st'up stop:st'ɑp stopped:st'ɑpt
stops:st'ɑps storage:st'ɔrəJ store:st'ɔr stored:st'ɔrd stores:st'ɔrz stories:st'ɔriz storm:st'ɔrm storms:st'ɔrmz stormy:st'ɔrmi story:st'ɔri
stout:st'Wt stove:st'Ov straight:str'At strain:str'An strained:str'And strains:str'Anz strange:str'AnJ strangely:str'AnJli stranger:str'AnJɝ
strangers:str'AnJɝz strangle:str'æŋgəl straw:str'ɔ strawberry:str'ɔb,ɛri stray:str'A straying:str'Aɪŋ stream:str'im streams:str'imz
street:str'it streets:str'its strength:str'ɛŋkθ strengthen:str'ɛŋθən stretch:str'ɛC stretched:str'ɛCt stretches:str'ɛCəz stretching:str'ɛCɪŋ
strew:str'u strict:str'ɪkt strictly:str'ɪktli strife:str'If strike:str'Ik strikes:str'Iks striking:str'Ikɪŋ string:str'ɪŋ strings:str'ɪŋz
strip:str'ɪp strive:str'Iv strives:str'Ivz striving:str'Ivɪŋ stroke:str'Ok strokes:str'Oks strong:str'ɔŋ stronger:str'ɔŋɝ strongly:str'ɔŋli
struck:str'ʌk structure:str'ʌkCɝ structures:str'ʌkCɝz struggle:str'ʌgəl struts:str'ʌts stubborn:st'ʌbɝn stuck:st'ʌk student:st'udənt
students:st'udənts studied:st'ʌdid studies:st'ʌdiz study:st'ʌdi studying:st'ʌdiɪŋ stuff:st'ʌf stuffed:st'ʌft stumble:st'ʌmbəl
stumbled:st'ʌmbəld stupid:st'upəd stupidity:stup'ɪdɪt,i style:st'Il subdued:səbd'ud subject:səbJ'ɛkt subjects:s'ʌbJɪkts submit:səbm'ɪt
subordinate:səb'ɔrdən,At subscribe:səbskr'Ib subscribes:səbskr'Ibz subsist:səbs'ɪst substance:s'ʌbstəns substances:s'ʌbstənsəz
substantial:səbst'ænʃəl substitute:s'ʌbstət,ut subtle:s'ʌtəl subtleties:s'ʌtəltiz subtlety:s'ʌtəlti subtly:s'ʌtəli succeed:səks'id
succeeded:səks'idɪd succeeding:səks'idɪŋ succeeds:səks'idz success:səks'ɛs successful:səks'ɛsfəl successfully:səks'ɛsfəli
succession:səks'ɛʃən successive:səks'ɛsɪv succor:s'ʌkɝ such:s'ʌC suck:s'ʌk sucker:s'ʌkɝ sucking:s'ʌkɪŋ sucks:s'ʌks sudden:s'ʌdən
suddenly:s'ʌdənli sue:s'u suffer:s'ʌfɝ suffered:s'ʌfɝd suffering:s'ʌfɝɪŋ suffers:s'ʌfɝz suffice:səf'Is sufficed:səf'Ist sufficient:səf'ɪʃənt
sufficiently:səf'ɪʃəntli suffolk:s'ʌfək sugar:ʃ'ʊgɝ suggest:səJ'ɛst suggested:səJ'ɛstɪd suggestion:səJ'ɛsCən suggestions:səJ'ɛsCənz
suicide:s'uəs,Id suit:s'ut suited:s'utɪd suitor:s'utɝ suitors:s'utɝz suits:s'uts sullen:s'ʌlən sullied:s'ʌlid sum:s'ʌm summer:s'ʌmɝ
summer's:s'ʌmɝz summers:s'ʌmɝz summon:s'ʌmən summons:s'ʌmənz sums:s'ʌmz sun:s'ʌn sun's:s'ʌnz sunday:s'ʌnd,A sung:s'ʌŋ sunk:s'ʌŋk
sunken:s'ʌŋkən sunlight:s'ʌnl,It suns:s'ʌnz sunset:s'ʌns,ɛt sup:s'ʌp superficial:s,upɝf'ɪʃəl superfluous:s'upɝflw,ʌs superior:sup'ɪriɝ
supernatural:s,upɝn'æCɝəl superstition:s,upɝst'ɪʃən supervisor:s'upɝv,Izɝ supper:s'ʌpɝ supplies:səpl'Iz supply:səpl'I support:səp'ɔrt
supported:səp'ɔrtɪd suppose:səp'Oz supposed:səp'Ozd supposing:səp'Ozɪŋ supreme:səpr'im sure:ʃ'ʊr surely:ʃ'ʊrli surest:ʃ'ʊrɪst surety:ʃ'ʊrəti
surface:s'ɝfəs surfeit:s'ɝfət surgeon:s'ɝJən surly:s'ɝli surmise:sɝm'Iz surmount:sɝm'Wnt surprise:sɝpr'Iz surprised:sɝpr'Izd
surrender:sɝ'ɛndɝ surrey:s'ɝi surrounded:sɝ'Wndɪd survey:sɝv'A survival:sɝv'Ivəl survive:sɝv'Iv survivors:sɝv'Ivɝz susan:s'uzən
suspect:səsp'ɛkt suspects:səsp'ɛkts suspicion:səsp'ɪʃən sustain:səst'An sustains:səst'Anz sutton:s'ʌtən swaggart:sw'ægɝt swain:sw'An
swallow:sw'ɑlO swallowed:sw'ɑlOd swan:sw'ɑn swart:sw'ɔrt sway:sw'A swayed:sw'Ad sways:sw'Az swear:sw'ɛr swearing:sw'ɛrɪŋ swears:sw'ɛrz
sweat:sw'ɛt sweating:sw'ɛtɪŋ sweep:sw'ip sweet:sw'it sweetens:sw'itənz sweeter:sw'itɝ sweetest:sw'itəst sweetly:sw'itli sweetness:sw'itnəs
sweets:sw'its swell:sw'ɛl swelling:sw'ɛlɪŋ swept:sw'ɛpt swift:sw'ɪft swift's:sw'ɪfts swifter:sw'ɪftɝ swim:sw'ɪm swimming:sw'ɪmɪŋ swine:sw'In
sword:s'ɔrd swords:s'ɔrdz swore:sw'ɔr sworn:sw'ɔrn sydney:s'ɪdni syllable:s'ɪləbəl symbol:s'ɪmbəl symbols:s'ɪmbəlz sympathize:s'ɪmpəθ,Iz
sympathized:s'ɪmpəθ,Izd sympathy:s'ɪmpəθi symphony:s'ɪmfəni system:s'ɪstəm systems:s'ɪstəmz t:t'i table:t'Abəl tables:t'Abəlz tackle:t'ækəl
tail:t'Al tailor:t'Alɝ taint:t'Ant tainted:t'Antɪd take:t'Ak taken:t'Akən taker:t'Akɝ takes:t'Aks taking:t'Akɪŋ talbot:t'ælbət
talbot's:t'ælbəts tale:t'Al talent:t'ælənt talents:t'ælənts tales:t'Alz talk:t'ɔk talked:t'ɔkt talkers:t'ɔkɝz talking:t'ɔkɪŋ talks:t'ɔks
tall:t'ɔl tallies:t'æliz tame:t'Am taming:t'Amɪŋ tan:t'æn tangled:t'æŋgəld tank:t'æŋk tap:t'æp tape:t'Ap taper:t'Apɝ tara:t'ɛrə tardy:t'ɑrdi
target:t'ɑrgət tarry:t'ɛri tarsus:t'ɑrsəs tart:t'ɑrt tartar:t'ɑrtɝ task:t'æsk taste:t'Ast tasted:t'Astɪd tastes:t'Asts tater:t'Atɝ
tatter:t'ætɝ tattered:t'ætɝd taught:t'ɔt tawny:t'ɑni tax:t'æks taxation:tæks'Aʃən taxed:t'ækst taxes:t'æksəz taxi:t'æksi te:t'i tea:t'i
teach:t'iC teacher:t'iCɝ teachers:t'iCɝz teaches:t'iCəz teaching:t'iCɪŋ team:t'im tear:t'ɛr tears:t'ɛrz tech:t'ɛk technical:t'ɛknɪkəl
techniques:tɛkn'iks technological:t,ɛknəl'ɑJɪkəl technology:tɛkn'ɑləJi ted:t'ɛd tedious:t'idiəs teeming:t'imɪŋ teenager:t'in,AJɝ
teenagers:t'in,AJɝz teeth:t'iθ telephone:t'ɛləf,On television:t'ɛləv,ɪʒən tell:t'ɛl telling:t'ɛlɪŋ tells:t'ɛlz temper:t'ɛmpɝ
temperate:t'ɛmprət temperature:t'ɛmprəCɝ tempest:t'ɛmpəst tempestuous:t,ɛmp'ɛsCuəs temple:t'ɛmpəl temples:t'ɛmpəlz templeton:t'ɛmpəltən
temporal:t'ɛmpɝəl temporary:t'ɛmpɝ,ɛri tempt:t'ɛmpt temptation:tɛmt'Aʃən tempted:t'ɛmptɪd tempting:t'ɛmptɪŋ ten:t'ɛn tenants:t'ɛnənts
tend:t'ɛnd tended:t'ɛndɪd tendencies:t'ɛndənsiz tendency:t'ɛndənsi tender:t'ɛndɝ tenderness:t'ɛndɝnəs tends:t'ɛndz tennis:t'ɛnəs tenor:t'ɛnɝ
tension:t'ɛnʃən tent:t'ɛnt tenth:t'ɛnθ tents:t'ɛnts term:t'ɝm terms:t'ɝmz terrible:t'ɛrəbəl terribly:t'ɛrəbli terrified:t'ɛrəf,Id
terrifying:t'ɛrəf,Iɪŋ terror:t'ɛrɝ terrors:t'ɛrɝz terry:t'ɛri test:t'ɛst tested:t'ɛstɪd testimony:t'ɛstəm,Oni testing:t'ɛstɪŋ tests:t'ɛsts
testy:t'ɛsti texas:t'ɛksəs text:t'ɛkst textbooks:t'ɛkstb,ʊks texture:t'ɛksCɝ th:t'i'AC than:ð'æn thane:θ'An thank:θ'æŋk thankful:θ'æŋkfəl
thanks:θ'æŋks that:ð'æt that's:ð'æts the:ðə theater:θ'iətɝ theatre:θ'iətɝ thee:ð'i theft:θ'ɛft their:ð'ɛr theirs:ð'ɛrz them:ð'ɛm theme:θ'im
themes:θ'imz themselves:ðɛms'ɛlvz then:ð'ɛn thence:ð'ɛns theodore:θ'iəd,ɔr theology:θi'ɑləJi theorem:θ'ɪrəm theoretical:θ,iɝ'ɛtɪkəl
theories:θ'ɪriz theory:θ'ɪri there:ð'ɛr there's:ð'ɛrz thereby:ð'ɛrb'I therefore:ð'ɛrf,ɔr therein:ðɛr'ɪn thereof:ð,ɛr'ʌv thereon:ðɛr'ɔn
thereto:ð'ɛrt,u thermodynamics:θ,ɝmOd,In'æmɪks these:ð'iz thesis:θ'isəs they:ð'A they'd:ð'Ad they'll:ð'Al they're:ð'ɛr they've:ð'Av
thick:θ'ɪk thief:θ'if thieves:θ'ivz thigh:θ'I thighs:θ'Iz thin:θ'ɪn thine:ð'In thing:θ'ɪŋ things:θ'ɪŋz think:θ'ɪŋk thinkers:θ'ɪŋkɝz
thinking:θ'ɪŋkɪŋ thinks:θ'ɪŋks thinly:θ'ɪnli third:θ'ɝd thirds:θ'ɝdz thirst:θ'ɝst thirsty:θ'ɝsti thirteen:θ'ɝt'in thirty:θ'ɝd,i this:ð'ɪs
thither:ð'ɪθ,ɝ thomas:t'ɑməs thompson:t'ɑmpsən thoreau:θɝ'O thorns:θ'ɔrnz thorough:θ'ɝO thoroughly:θ'ɝOli those:ð'Oz thou:ð'W though:ð'O
thought:θ'ɔt thoughts:θ'ɔts thousand:θ'Wzənd thousands:θ'Wzəndz thrall:θr'ɔl thread:θr'ɛd threat:θr'ɛt threaten:θr'ɛtən threatened:θr'ɛtənd
threatening:θr'ɛtənɪŋ threats:θr'ɛts three:θr'i threefold:θr'if,Old threw:θr'u thrice:θr'Is thrive:θr'Iv thriving:θr'Ivɪŋ throat:θr'Ot
throats:θr'Ots throne:θr'On throng:θr'ɔŋ through:θr'u throughout:θru'Wt throw:θr'O throwing:θr'Oɪŋ thrown:θr'On throws:θr'Oz thrust:θr'ʌst
thrusts:θr'ʌsts ths:θs thumb:θ'ʌm thunder:θ'ʌndɝ thurber:θ'ɝbɝ thursday:θ'ɝzd,A thus:ð'ʌs thy:ð'I thyself:ð,Is'ɛlf tickets:t'ɪkəts
tickled:t'ɪkəld tide:t'Id tides:t'Idz tidings:t'Idɪŋz tie:t'I tied:t'Id ties:t'Iz tiger:t'Igɝ tiger's:t'Igɝz tight:t'It till:t'ɪl
tillage:t'ɪlɑJ timber:t'ɪmbɝ time:t'Im time's:t'Imz timeless:t'Imləs times:t'Imz timing:t'Imɪŋ timon:t'Imən tin:t'ɪn tincture:t'ɪŋkCɝ
tiny:t'Ini tip:t'ɪp tips:t'ɪps tire:t'Iɝ tired:t'Iɝd tires:t'Iɝz tis:t'ɪz title:t'Itəl titles:t'Itəlz titus:t'Itəs to:t'u toad:t'Od
toast:t'Ost toby:t'Obi today:təd'A today's:təd'Az toe:t'O toes:t'Oz together:təg'ɛðɝ toil:t'Yl toilet:t'Ylət toiling:t'Ylɪŋ token:t'Okən
tokens:t'Okənz told:t'Old tolerable:t'ɑlɝəbəl tolkien:t'ɔlki,ɛn toll:t'Ol tom:t'ɑm tom's:t'ɑmz tomato:təm'At,O tomb:t'um tombs:t'umz
tomlin:t'ɑmlɪn tomorrow:təm'ɑr,O tone:t'On tongue:t'ʌŋ tongues:t'ʌŋz tonight:tən'It tony:t'Oni too:t'u took:t'ʊk tool:t'ul tools:t'ulz
tooth:t'uθ top:t'ɑp topic:t'ɑpɪk tops:t'ɑps torch:t'ɔrC torches:t'ɔrCɪz torment:t'ɔrm,ɛnt torments:t'ɔrm,ɛnts torn:t'ɔrn torture:t'ɔrCɝ
tortured:t'ɔrCɝd toss:t'ɔs tossed:t'ɔst total:t'Otəl totally:t'Otəli touch:t'ʌC touched:t'ʌCt touches:t'ʌCəz touching:t'ʌCɪŋ tough:t'ʌf
toward:təw'ɔrd towards:təw'ɔrdz tower:t'Wɝ towers:t'Wɝz town:t'Wn towns:t'Wnz toxic:t'ɑksɪk toy:t'Y toys:t'Yz trace:tr'As track:tr'æk
tract:tr'ækt trade:tr'Ad traded:tr'Adɪd tradition:trəd'ɪʃən traditional:trəd'ɪʃənəl traffic:tr'æfɪk tragedy:tr'æJədi tragic:tr'æJɪk
trail:tr'Al train:tr'An trained:tr'And training:tr'Anɪŋ trains:tr'Anz traitor:tr'Atɝ traitors:tr'Atɝz transfix:trænsf'ɪks
transformed:trænsf'ɔrmd transgression:trænzgr'ɛʃən transitional:træns'ɪʃənəl translate:trænzl'At translated:trænzl'Atɪd transport:trænsp'ɔrt
trap:tr'æp trash:tr'æʃ travail:trəv'Al travel:tr'ævəl traveling:tr'ævəlɪŋ traveller:tr'ævəlɝ travels:tr'ævəlz tray:tr'A treacherous:tr'ɛCɝəs
treachery:tr'ɛCɝi tread:tr'ɛd treads:tr'ɛdz treason:tr'izən treasons:tr'izəns treasure:tr'ɛʒɝ treasury:tr'ɛʒɝi treat:tr'it
treatment:tr'itmənt treats:tr'its treble:tr'ɛbəl tree:tr'i trees:tr'iz tremble:tr'ɛmbəl trembling:tr'ɛmbəlɪŋ trenches:tr'ɛnCɪz
trespass:tr'ɛsp,æs tresses:tr'ɛsɪz trial:tr'Iəl triangle:tr'I,æŋgəl tribe:tr'Ib tribes:tr'Ibz tribune:tr'ɪbjun tribute:tr'ɪbjut trick:tr'ɪk
tricks:tr'ɪks tried:tr'Id tries:tr'Iz trifle:tr'Ifəl trifles:tr'Ifəlz trifling:tr'Iflɪŋ trim:tr'ɪm trip:tr'ɪp tripping:tr'ɪpɪŋ
triumph:tr'Iəmf triumphant:trI'ʌmfənt trivial:tr'ɪviəl trod:tr'ɑd trodden:tr'ɑdən trojan:tr'OJən troop:tr'up troops:tr'ups trophies:tr'Ofiz
troth:tr'Oθ trouble:tr'ʌbəl troubled:tr'ʌbəld troubles:tr'ʌbəlz troubling:tr'ʌbəlɪŋ trout:tr'Wt trow:tr'O troy:tr'Y truant:tr'uənt
truce:tr'us truck:tr'ʌk true:tr'u truer:tr'uɝ truest:tr'uɪst truly:tr'uli truman:tr'umən trump:tr'ʌmp trumpet:tr'ʌmpət trumpets:tr'ʌmpəts
trunk:tr'ʌŋk trust:tr'ʌst trusted:tr'ʌstɪd trusty:tr'ʌsti truth:tr'uθ truths:tr'uθs try:tr'I trying:tr'Iɪŋ tsu:ts'u tu:t'u tub:t'ʌb
tube:t'ub tucson:t'us,ɑn tuesday:t'uzdi tullius:t'ʌl,iɪs tumbled:t'ʌmbəld tumbling:t'ʌmbəlɪŋ tune:t'un tuned:t'und tunes:t'unz tunnel:t'ʌnəl
turk:t'ɝk turkey:t'ɝki turkeys:t'ɝkiz turkish:t'ɝkɪʃ turn:t'ɝn turned:t'ɝnd turner:t'ɝnɝ turning:t'ɝnɪŋ turns:t'ɝnz tush:t'ʊʃ tut:t'ʌt
tutor:t'utɝ tv:t'iv'i twain:tw'An twas:tw'ʌz tween:tw'in twelfth:tw'ɛlfθ twelve:tw'ɛlv twenty:tw'ɛnti twice:tw'Is twilight:tw'Il,It
twill:tw'ɪl twin:tw'ɪn twisted:tw'ɪstɪd two:t'u twofold:t'uf'Old tybalt:t'ɪbəlt type:t'Ip types:t'Ips typewriter:t'Ipr,Itɝ tyranny:t'ɪrəni
tyrant:t'Irənt tyrants:t'Irənts tyre:t'Ir u:j'u ufo:j,u,ɛf'O ugly:'ʌgli uh:'ʌ ultimate:'ʌltəmət ultimately:'ʌltəmətli ulysses:jul'ɪsiz
un:'ʌn unable:ən'Abəl unarmed:ən'ɑrmd unavailing:,ʌnəv'Alɪŋ unbound:ənb'Wnd uncertain:əns'ɝtən uncertainty:əns'ɝtənti uncivil:əns'ɪvəl
uncle:'ʌŋkəl uncles:'ʌŋkəlz uncomfortable:ənk'ʌmfɝtəbəl und:'ʌnd under:'ʌndɝ underestimate:'ʌndɝ'ɛstəm,At undergo:,ʌndɝg'O
underground:'ʌndɝgr,Wnd underlying:,ʌndɝl'Iɪŋ underneath:,ʌndɝn'iθ understand:,ʌndɝst'ænd understanding:,ʌndɝst'ændɪŋ
understands:,ʌndɝst'ændz understood:,ʌndɝst'ʊd undertake:'ʌndɝt,Ak undertakes:'ʌndɝt,Aks undivided:,ʌndəv'Idɪd undo:ənd'u undone:ənd'ʌn
undoubtedly:ənd'Wtɪdli unfair:ənf'ɛr unfashionable:ənf'æʃənəbəl unfit:ənf'ɪt unfold:ənf'Old unfolding:ənf'Oldɪŋ unfortunate:ənf'ɔrCənət
unfortunately:ənf'ɔrCənətli unhappily:ənh'æpəli unhappy:ənh'æpi uniformity:j,unəf'ɔrməti union:j'unjən unions:j'unjənz unique:jun'ik
unit:j'unət unite:j'un,It united:jun'Itɪd unity:j'unəti universal:j,unəv'ɝsəl universe:j'unəv,ɝs university:j,unəv'ɝsəti unix:j'unɪks
unjust:ənJ'ʌst unkind:ənk'Ind unknown:ənn'On unless:ənl'ɛs unlike:ənl'Ik unlimited:ənl'ɪmətɪd unmoved:ənm'uvd unnatural:ənn'æCɝəl
unnecessary:ənn'ɛsəs,ɛri unpleasant:ənpl'ɛzənt unreasonable:ənr'iznəbəl unrest:ənr'ɛst unruly:ənr'uli unseen:əns'in unset:əns'ɛt
unstained:ənst'And unsure:ənʃ'ʊr untainted:ənt'Antɪd until:ənt'ɪl untimely:ənt'Imli unto:'ʌntu untold:ənt'Old untrue:əntr'u unused:ənj'uzd
unusual:ənj'uʒ,uəl unwilling:ənw'ɪlɪŋ unworthy:ənw'ɝði up:'ʌp uphold:əph'Old upland:'ʌplənd upon:əp'ɑn upright:əpr'It uprooted:əpr'utɪd
upside:'ʌps'Id upward:'ʌpwɝd urey:j'ɝi urge:'ɝJ urged:'ɝJd urine:j'ɝən ursula:'ɝsələ us:'ʌs usage:j'usəJ use:j'us used:j'uzd useful:j'usfəl
useless:j'usləs usenet:j'uzn,ɛt user:j'uzɝ uses:j'usəz ushers:'ʌʃɝz using:j'uzɪŋ usual:j'uʒəwəl usually:j'uʒəwəli usurp:j,us'ɝp
usurping:j,us'ɝpɪŋ usury:j'uʒɝi utility:jut'ɪləti utmost:'ʌtm,Ost utopia:jut'Opiə utter:'ʌtɝ uttered:'ʌtɝd uttering:'ʌtɝɪŋ utterly:'ʌtɝli
v:v'i vacant:v'Akənt vacation:vAk'Aʃən vacuum:v'ækjum vader:v'Adɝ vague:v'Ag vain:v'An vainly:v'Anli vale:v'Al valentine:v'ælənt,In
valentine's:v'ælənt,Inz valera:vəl'ɛrə valiant:v'æljənt validity:vəl'ɪdəti valley:v'æli valor:v'ælɝ valuable:v'æljəbəl value:v'ælju
valued:v'æljud values:v'æljuz van:v'æn vanishing:v'ænɪʃɪŋ vanity:v'ænəti vantage:v'æntəJ vapor:v'Apɝ vaporized:v'Apɝ,Izd variable:v'ɛriəbəl
variation:v,ɛri'Aʃən varies:v'ɛriz variety:vɝ'Iəti various:v'ɛriəs varying:v'ɛriɪŋ vassal:v'æsəl vast:v'æst vastly:v'æstli vat:v'æt
vats:v'æts vaughan:v'ɔn vault:v'ɔlt vegas:v'Agəs vegetable:v'ɛJtəbəl vegetables:v'ɛJtəbəlz veil:v'Al vein:v'An veins:v'Anz
velocity:vəl'ɑsəti velvet:v'ɛlvət vengeance:v'ɛnJəns vengeful:v'ɛnJfəl venice:v'ɛnəs venom:v'ɛnəm vent:v'ɛnt venture:v'ɛnCɝ ventures:v'ɛnCɝz
venus:v'inəs verbal:v'ɝbəl verdict:v'ɝdɪkt vermilion:vɝm'ɪljən verona:vɝ'Onə verse:v'ɝs verses:v'ɝsəz version:v'ɝʒən versions:v'ɝʒənz
vertical:v'ɝtɪkəl very:v'ɛri vessel:v'ɛsəl vex:v'ɛks vi:v'I via:v'Iə vial:v'Iəl vice:v'Is vices:v'Isəz vicious:v'ɪʃəs victim:v'ɪktəm
victims:v'ɪktəmz victor:v'ɪktɝ victories:v'ɪktɝiz victorious:vɪkt'ɔriəs victors:v'ɪktɝz victory:v'ɪktɝi vidal:vId'æl video:v'ɪdiO
vietnam:vi,ɛtn'ɑm view:vj'u viewing:vj'uɪŋ views:vj'uz vigor:v'ɪgɝ vile:v'Il village:v'ɪləJ villain:v'ɪlən villains:v'ɪlənz vinci:v'ɪnsi
vine:v'In violate:v'IəlAt violence:v'Iələns violent:v'Iələnt violently:v'Iələntli violet:v'Iəlɪt violin:vIəl'ɪn virgil:v'ɝJəl virgin:v'ɝJɪn
virginal:v'ɝJənəl virginia:vɝJ'ɪnjə virginity:vɝJ'ɪnɪti virgins:v'ɝJənz virtually:v'ɝCuəli virtue:v'ɝCu virtues:v'ɝCuz virtuous:v'ɝCuəs
visage:v'ɪzəJ visible:v'ɪzəbəl vision:v'ɪʒən visit:v'ɪzɪt visitation:v,ɪzɪt'Aʃən visited:v'ɪzɪtɪd visitor:v'ɪzɪtɝ visor:v'Izɝ
visual:v'ɪʒəwəl vital:v'Itəl vivid:v'ɪvəd voice:v'Ys voices:v'Ysəz void:v'Yd voltaire:vOlt'ɛr volume:v'ɑljum voluntary:v'ɑləntɛri von:v'ɔn
vonnegut:v'ɑnəgət voodoo:v'ud,u vote:v'Ot votes:v'Ots vous:v'u vow:v'W vowing:v'Wɪŋ vows:v'Wz voyage:v'YəJ vulgar:v'ʌlgɝ
vulnerable:v'ʌlnɝəbəl w:d'ʌbəlju wag:w'æg wager:w'AJɝ wages:w'AJəz wagner:w'ægnɝ wagon:w'ægən wail:w'Al wailing:w'Alɪŋ waist:w'Ast wait:w'At
waited:w'Atɪd waiter:w'Atɝ waiting:w'Atɪŋ waits:w'Ats wake:w'Ak wakes:w'Aks waking:w'Akɪŋ waldo:w'ɑldO wales:w'Alz walk:w'ɔk walked:w'ɔkt
walking:w'ɔkɪŋ walks:w'ɔks wall:w'ɔl wallet:w'ɔlət walls:w'ɔlz walt:w'ɔlt walter:w'ɔltɝ walter's:w'ɔltɝz wan:w'ɑn wanda:w'ɑndə wander:w'ɑndɝ
wandered:w'ɑndɝd wandering:w'ɑndɝɪŋ wanders:w'ɑndɝz wane:w'An waning:w'Anɪŋ wanna:w'ɑnə want:w'ɑnt wanted:w'ɔntɪd wanting:w'ɑntɪŋ
wanton:w'ɔntən wantonly:w'ɔntənli wants:w'ɑnts war:w'ɔr war's:w'ɔrz ward:w'ɔrd warden:w'ɔrdən wardrobe:w'ɔrdr,Ob wards:w'ɔrdz
warlike:w'ɔrl,Ik warm:w'ɔrm warn:w'ɔrn warned:w'ɔrnd warning:w'ɔrnɪŋ warp:w'ɔrp warrant:w'ɔrənt warranty:w'ɔrənti warren:w'ɔrən
warring:w'ɔrɪŋ warrior:w'ɔriɝ warriors:w'ɔriɝz wars:w'ɔrz wart:w'ɔrt warwick:w'ɔrwɪk warwick's:w'ɔrw,ɪks wary:w'ɛri was:w'ɑz wash:w'ɑʃ
washed:w'ɑʃt washing:w'ɑʃɪŋ washington:w'ɑʃɪŋtən wasn't:w'ɑzənt waste:w'Ast wasted:w'Astɪd wasteful:w'Astfəl wastes:w'Asts wasting:w'Astɪŋ
watch:w'ɑC watched:w'ɑCt watches:w'ɑCəz watching:w'ɑCɪŋ watchman:w'ɑCmən watchmen:w'ɑCmɛn water:w'ɔtɝ waters:w'ɔtɝz watery:w'ɔtɝi
watson:w'ɑtsən wave:w'Av waves:w'Avz wax:w'æks way:w'A ways:w'Az we:w'i we'd:w'id we'll:w'il we're:w'ir we've:w'iv weak:w'ik weakens:w'ikənz
weaker:w'ikɝ weakness:w'iknəs wealth:w'ɛlθ wealthy:w'ɛlθi weapon:w'ɛpən weapons:w'ɛpənz wear:w'ɛr wearing:w'ɛrɪŋ wears:w'ɛrz weary:w'ɪri
weather:w'ɛðɝ weave:w'iv weaving:w'ivɪŋ web:w'ɛb wed:w'ɛd wedded:w'ɛdɪd wedding:w'ɛdɪŋ wednesday:w'ɛnzdi weed:w'id weeds:w'idz week:w'ik
week's:w'iks weekend:w'ik,ɛnd weeks:w'iks weep:w'ip weeping:w'ipɪŋ weeps:w'ips weigh:w'A weighs:w'Az weight:w'At weighty:w'Ati
weinberg:w'Inbɝg weird:w'ɪrd welcome:w'ɛlkəm welfare:w'ɛlf,ɛr well:w'ɛl wellington:w'ɛlɪŋtən wells:w'ɛlz welsh:w'ɛlC wench:w'ɛnC
wenches:w'ɛnCɪz wendell:w'ɛndəl went:w'ɛnt wept:w'ɛpt were:w'ɝ weren't:w'ɝənt wert:w'ɝt west:w'ɛst western:w'ɛstɝn westmoreland:wɛstm'ɔrlənd
wet:w'ɛt whale:w'Al whales:w'Alz what:w'ʌt what's:w'ʌts whatever:w,ʌt'ɛvɝ whatsoever:w,ʌtsO'ɛvɝ wheat:w'it wheel:w'il wheels:w'ilz when:w'ɛn
whence:w'ɛns whenever:wɛn'ɛvɝ where:w'ɛr where's:w'ɛrz whereas:wɛr'æz whereby:wɛrb'I wherefore:wɛrf'ɔr wherein:wɛr'ɪn whereupon:w'ɛrəp'ɑn
wherever:wɛr'ɛvɝ whether:w'ɛðɝ which:w'ɪC while:w'Il whiles:w'Ilz whilst:w'Ilst whip:w'ɪp whipped:w'ɪpt whirled:w'ɝld whirling:w'ɝlɪŋ
whiskey:w'ɪski whisper:w'ɪspɝ whispering:w'ɪspɝɪŋ whispers:w'ɪspɝz whistle:w'ɪsəl whit:w'ɪt white:w'It whitehead:w'Ith,ɛd whither:w'ɪðɝ
who:h'u who's:h'uz whoever:hu'ɛvɝ whole:h'Ol wholesome:h'Olsəm whom:h'um whore:h'ɔr whose:h'uz why:w'I wick:w'ɪk wicked:w'ɪkəd
wickedness:w'ɪkədnəs wickersham:w'ɪkɝʃ,æm wide:w'Id widespread:w'Idspr'ɛd widow:w'ɪdO widow's:w'ɪdOz wife:w'If wife's:w'Ifs wild:w'Ild
wilde:w'Ild wilder:w'Ildɝ wilderness:w'ɪldɝnəs wildly:w'Ildli wilfully:w'ɪlfəli will:w'ɪl william:w'ɪljəm williams:w'ɪljəmz willing:w'ɪlɪŋ
willingly:w'ɪlɪŋli willingness:w'ɪlɪŋnəs willow:w'ɪl,O wills:w'ɪlz wilson:w'ɪlsən wilson's:w'ɪlsənz wilt:w'ɪlt win:w'ɪn
winchester:w'ɪnC,ɛstɝ wind:w'Ind window:w'ɪndO windows:w'ɪndOz winds:w'ɪndz windsor:w'ɪnzɝ windy:w'ɪndi wine:w'In wing:w'ɪŋ winged:w'ɪŋd
wings:w'ɪŋz wink:w'ɪŋk winner:w'ɪnɝ winners:w'ɪnɝz winning:w'ɪnɪŋ wins:w'ɪnz winston:w'ɪnstən winter:w'ɪntɝ winter's:w'ɪntɝz winters:w'ɪntɝz
wipe:w'Ip wire:w'Iɝ wires:w'Iɝz wiry:w'ɪri wisdom:w'ɪzdəm wise:w'Iz wisely:w'Izli wiser:w'Izɝ wisest:w'Izəst wish:w'ɪʃ wished:w'ɪʃt
wishes:w'ɪʃɪz wishing:w'ɪʃɪŋ wit:w'ɪt witch:w'ɪC witchcraft:w'ɪCkr,æft witches:w'ɪCəz with:w'ɪð withdraw:wɪðdr'ɔ wither:w'ɪðɝ
withered:w'ɪðɝd withering:w'ɪðɝɪŋ within:wɪð'ɪn without:wɪθ'Wt witness:w'ɪtnəs witnesses:w'ɪtnəsəz wits:w'ɪts witty:w'ɪti wives:w'Ivz
wizard:w'ɪzɝd wm:w'ɪljəm woe:w'O woeful:w'Ofəl woes:w'Oz wolf:w'ʊlf wolfe:w'ʊlf wolfgang:w'ʊlfg,æŋ wolsey:w'Olsi wolves:w'ʊlvz woman:w'ʊmən
woman's:w'ʊmənz womb:w'um women:w'ɪmən women's:w'ɪmənz won:w'ʌn won't:w'Ont wonder:w'ʌndɝ wonderful:w'ʌndɝfəl wondering:w'ʌndɝɪŋ
wonders:w'ʌndɝz wondrous:w'ʌndrəs wont:w'Ont woo:w'u wood:w'ʊd wood's:w'ʊdz wooden:w'ʊdən woods:w'ʊdz woody:w'ʊdi wooing:w'uɪŋ woos:w'uz
worcester:w'ʊstɝ word:w'ɝd words:w'ɝdz wore:w'ɔr work:w'ɝk work's:w'ɝks worked:w'ɝkt worker:w'ɝkɝ workers:w'ɝkɝz working:w'ɝkɪŋ
workings:w'ɝkɪŋz workman:w'ɝkmən works:w'ɝks world:w'ɝld world's:w'ɝldz worldly:w'ɝldli worlds:w'ɝldz worm:w'ɝm worms:w'ɝmz worn:w'ɔrn
worried:w'ɝid worry:w'ɝi worrying:w'ɝiɪŋ worse:w'ɝs worship:w'ɝʃəp worst:w'ɝst worth:w'ɝθ worth's:w'ɝθs worthier:w'ɝðiɝ worthies:w'ɝðiz
worthiest:w'ɝðiəst worthiness:w'ɝðinɪs worthless:w'ɝθləs worths:w'ɝθs worthwhile:w'ɝθw'Il worthy:w'ɝði would:w'ʊd wouldn't:w'ʊdənt
wound:w'Wnd wounded:w'undɪd wounds:w'undz woven:w'Ovən wow:w'W wrack:r'æk wrap:r'æp wrapped:r'æpt wrath:r'æθ wreath:r'iθ wreck:r'ɛk
wresting:r'ɛstɪŋ wrestling:r'ɛslɪŋ wretch:r'ɛC wretched:r'ɛCɪd wright:r'It wring:r'ɪŋ wrinkle:r'ɪŋkəl wrinkled:r'ɪŋkəld wrinkles:r'ɪŋkəlz
wrist:r'ɪst writ:r'ɪt write:r'It writer:r'Itɝ writers:r'Itɝz writes:r'Its writing:r'Itɪŋ writings:r'Itɪŋz written:r'ɪtən wrong:r'ɔŋ
wronged:r'ɔŋd wrongfully:r'ɔŋfəli wrongs:r'ɔŋz wrote:r'Ot wrought:r'ɔt x:'ɛks xerox:z'ɪrɑks y:w'I ya:j'ɑ yale:j'Al yams:j'æmz yard:j'ɑrd
yards:j'ɑrdz ye:j'i yea:j'A yeah:j'æ year:j'ɪr year's:j'ɪrz years:j'ɪrz yeats:j'Ats yelled:j'ɛld yellow:j'ɛlO yer:j'ɝ yes:j'ɛs
yesterday:j'ɛstɝd,A yet:j'ɛt yield:j'ild yielded:j'ildɪd yielding:j'ildɪŋ yields:j'ildz yip:j'ɪp yo:j'O yogi:j'Ogi yoke:j'Ok yon:j'ɑn
yonder:j'ɑndɝ yore:j'ɔr york:j'ɔrk you:j'u you'd:j'ud you'll:j'ul you're:j'ʊr you've:j'uv young:j'ʌŋ younger:j'ʌŋgɝ youngest:j'ʌŋgəst
your:j'ɔr yours:j'ʊrz yourself:jɝs'ɛlf yourselves:jʊrs'ɛlvz youth:j'uθ youth's:j'uθs youthful:j'uθfəl zappa:z'æpə zeal:z'il zealous:z'ɛləs
zelazny:zɪl'ɑzni zen:z'ɛn zeppelin:z'ɛpɪlɪn zero:z'ɪrO zoo:z'u zounds:z'Wndz
"""
