/** The frozen names of the 26 dimensions, A to Z, in both languages (contracts/basis26). */

export interface Dimension {
  letter: string;
  name: string;
  es: string;
}

const NAMES =
  "Advance:Avance,Burst:Ráfaga,Control:Control,Dispersion:Dispersión,Entropy:Entropía,Friction:Fricción,Gap:Salto,Hurst:Hurst,Imbalance:Desequilibrio,Joint:Conjunto,Kurtosis:Curtosis,Liquidity:Liquidez,Momentum:Momento,Novelty:Novedad,Openness:Apertura,Periodicity:Periodicidad,Quickness:Rapidez,Reversion:Reversión,Skew:Asimetría,Toxicity:Toxicidad,Uncertainty:Incertidumbre,Volume:Volumen,Width:Anchura,Cross-lead:Adelanto cruzado,Yield:Rendimiento,Zenith:Cenit";

export const DIMENSIONS: Dimension[] = NAMES.split(",").map((pair, index) => {
  const [name = "", es = ""] = pair.split(":");
  return { letter: String.fromCharCode(65 + index), name, es };
});

export const nameOf = (dimension: Dimension, language: string) =>
  language === "es" ? dimension.es : dimension.name;
