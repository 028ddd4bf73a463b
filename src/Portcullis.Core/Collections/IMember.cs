namespace Portcullis.Core.Collections;

/// <summary>Something that exists and may belong to a collection.</summary>
internal interface IMember
{
    string Name { get; }

    IReadOnlyDictionary<string, string> Labels { get; }
}
