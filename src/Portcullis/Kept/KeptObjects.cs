namespace Portcullis.Kept;

/// <summary>What keeps objects of ours, and what is known of those that stand in their place.</summary>
internal sealed record KeptObjects(KeptObjectWriter Writer, ForeignObjects Foreign);
