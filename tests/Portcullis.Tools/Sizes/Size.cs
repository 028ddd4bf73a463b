namespace Portcullis.Tools.Sizes;

/// <summary>How many lines something has.</summary>
internal sealed record Size(string Name, int Lines);
