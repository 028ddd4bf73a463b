using Portcullis.Scanning.Files;

namespace Portcullis.Scanning.Packages.Rpm;

/// <summary>The packages of an RPM database, header by header.</summary>
internal sealed class RpmPackages(PackageSource source)
{
    private long _read;

    public ComponentList Components { get; } = new(source);

    /// <param name="header">The header of a package.</param>
    /// <exception cref="UnreadableFileException">It is damaged, or the headers overlap: one that is named by every slot of a database would be read without end.</exception>
    public void Add(ReadOnlyMemory<byte> header)
    {
        _read += header.Length;
        if (_read > source.Content.Length)
        {
            throw new UnreadableFileException("its packages have more bytes than the database");
        }

        if (RpmPackage.Read(header, source.Owners) is { } component)
        {
            Components.Add(component);
        }
    }
}
