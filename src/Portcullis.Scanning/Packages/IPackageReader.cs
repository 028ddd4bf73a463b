using Portcullis.Core.Components;

namespace Portcullis.Scanning.Packages;

/// <summary>Reads what one package manager writes into an image.</summary>
internal interface IPackageReader
{
    /// <summary>Whether its files name components; else they only tell something of components that others name.</summary>
    bool NamesComponents { get; }

    /// <summary>Whether a file is one that it reads.</summary>
    /// <param name="path">The path in the image, without a leading slash.</param>
    bool Reads(ReadOnlySpan<char> path);

    /// <summary>The components that the file names.</summary>
    /// <exception cref="Files.UnreadableFileException">The file is not what its name says.</exception>
    IReadOnlyList<Component> Read(PackageSource source);
}
