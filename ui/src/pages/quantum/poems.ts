/** Poems to start from, out of copyright. Their names and words stay in their language. */

export const POEMS: { name: string; text: string }[] = [
  {
    name: "Sor Juana, Hombres necios",
    text: "Hombres necios que acusáis\na la mujer sin razón,\nsin ver que sois la ocasión\nde lo mismo que culpáis:\n\nsi con ansia sin igual\nsolicitáis su desdén,\n¿por qué queréis que obren bien\nsi las incitáis al mal?",
  },
  {
    name: "Quevedo, Amor constante",
    text: "Cerrar podrá mis ojos la postrera\nsombra que me llevare el blanco día,\ny podrá desatar esta alma mía\nhora a su afán ansioso lisonjera;\n\nmas no, de esotra parte, en la ribera,\ndejará la memoria, en donde ardía:\nnadar sabe mi llama el agua fría,\ny perder el respeto a ley severa.",
  },
  {
    name: "Gray, Elegy",
    text: "The curfew tolls the knell of parting day,\nThe lowing herd wind slowly o'er the lea,\nThe plowman homeward plods his weary way,\nAnd leaves the world to darkness and to me.",
  },
  {
    name: "Dickinson, Because I could not stop",
    text: "Because I could not stop for Death –\nHe kindly stopped for me –\nThe Carriage held but just Ourselves –\nAnd Immortality.",
  },
];
