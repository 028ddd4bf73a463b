using Portcullis.Scanning.Files;
using Portcullis.Scanning.Layers.Tar;
using Portcullis.Scanning.Packages;
using Portcullis.Scanning.Packages.Dpkg;
using Portcullis.Scanning.Packages.Npm;

namespace Portcullis.Scanning.Layers;

/// <summary>Looks at each entry of a layer and keeps what names a component.</summary>
internal sealed class LayerScan(LayerEntries entries, LayerFindings findings, LayerLimits limits) : IDisposable
{
    private const string Whiteout = ".wh.";
    private const string OpaqueMark = ".wh..wh..opq";
    private const string MetadataMark = ".wh..wh.";

    private readonly ContentProbe _probe = new(entries, findings, limits);

    public void Dispose() => _probe.Dispose();

    public async ValueTask VisitAsync(TarItem item, CancellationToken cancellationToken)
    {
        if (EntryPath.Of(item.Name) is not { } path)
        {
            findings.Report(item.Name, "its path leads out of the image");
            return;
        }

        if (path.Length > limits.PathBytes || path.AsSpan().Count('/') > limits.Depth)
        {
            findings.Report(path, $"its path has more than {limits.PathBytes} bytes or {limits.Depth} directories");
            return;
        }

        var name = path.LastIndexOf('/') + 1;
        if (path.AsSpan(name).StartsWith(Whiteout, StringComparison.Ordinal))
        {
            TakeAway(path[..name], path[name..]);
            return;
        }

        await VisitAsync(item, path, cancellationToken);
    }

    private async ValueTask VisitAsync(TarItem item, string path, CancellationToken cancellationToken)
    {
        switch (item.Kind)
        {
            case TarEntryKind.File:
                findings.Forget(path);
                await ReadFileAsync(item, path, cancellationToken);
                break;
            case TarEntryKind.HardLink:
                findings.Forget(path);
                ReadHardLink(path, item.Link);
                break;
            case TarEntryKind.SymbolicLink:
                findings.Forget(path);
                findings.Hide(path);
                ReadSymbolicLink(path, item.Link);
                break;
            case TarEntryKind.Other:
                findings.Forget(path);
                findings.Hide(path);
                break;
        }
    }

    // OCI image specification, "Whiteouts". Names that begin with .wh..wh. are a storage driver's own.
    private void TakeAway(string directory, string name)
    {
        if (name == OpaqueMark)
        {
            findings.MakeOpaque(directory.TrimEnd('/'));
        }
        else if (!name.StartsWith(MetadataMark, StringComparison.Ordinal))
        {
            findings.Hide(directory + name[Whiteout.Length..]);
        }
    }

    private async ValueTask ReadFileAsync(TarItem item, string path, CancellationToken cancellationToken)
    {
        if (OsRelease.Paths.Contains(path))
        {
            await ReadDistributionAsync(item, path, cancellationToken);
        }
        else if (PackageReaders.For(path) is { } reader)
        {
            await ReadPackagesAsync(reader, item, path, cancellationToken);
        }
        else if (!await _probe.ReadAsync(path, item.Size, cancellationToken) && item.Executable)
        {
            findings.Hide(path);
        }
    }

    private async ValueTask ReadDistributionAsync(TarItem item, string path, CancellationToken cancellationToken)
    {
        if (await ContentAsync(item, path, cancellationToken) is not { } content)
        {
            return;
        }

        if (OsRelease.Read(content.Span) is { } distribution)
        {
            findings.AddDistribution(path, distribution);
        }
        else
        {
            findings.Report(path, "it has no field ID, so that the distribution is not known");
        }
    }

    private async ValueTask ReadPackagesAsync(IPackageReader reader, TarItem item, string path, CancellationToken cancellationToken)
    {
        if (await ContentAsync(item, path, cancellationToken) is not { } content)
        {
            return;
        }

        var source = new PackageSource(path, content, findings.Owners, limits.Components);
        try
        {
            var components = reader.Read(source);
            if (reader.NamesComponents)
            {
                findings.AddPackages(path, components);
            }
        }
        catch (UnreadableFileException exception)
        {
            findings.Report(path, exception.Message);
        }
        catch (Exception exception) when (exception is ArgumentException or IndexOutOfRangeException or OverflowException or FormatException or InvalidOperationException)
        {
            // A file that is made so that its reader fails is one that could not be read. It must not end the scan of the image.
            findings.Report(path, $"it is damaged in a way that was not expected: {exception.Message}");
        }

        if (source.License is not null)
        {
            findings.AddLicense(source.License);
        }

        foreach (var problem in source.Problems)
        {
            findings.Report(path, problem);
        }
    }

    private async ValueTask<ReadOnlyMemory<byte>?> ContentAsync(TarItem item, string path, CancellationToken cancellationToken)
    {
        if (item.Size > limits.PackageFileBytes)
        {
            findings.Report(path, $"it has more than {limits.PackageFileBytes >> 20} MiB, and was not read");
            return null;
        }

        var content = new byte[item.Size];
        var position = 0;
        while (await entries.ReadAsync(cancellationToken) is { IsEmpty: false } part)
        {
            part.CopyTo(content.AsMemory(position));
            position += part.Length;
        }

        return content;
    }

    private void ReadHardLink(string path, string link)
    {
        var reader = PackageReaders.For(path);
        var known = EntryPath.Of(link) is { } target && findings.Alias(path, target, isManifest: reader is NpmPackageJson);
        if (!known && reader is { NamesComponents: true })
        {
            findings.Report(path, $"it is a hard link to {link}, which was not read as a file that names packages");
        }
    }

    private void ReadSymbolicLink(string path, string link)
    {
        var target = EntryPath.OfLink(path, link);
        if (PackageReaders.IsHiddenBy(path, target))
        {
            findings.Report(path, $"it is a link to {link}, which is not read as a file that names packages");
        }

        if (target is not null && DpkgCopyright.OfLink(path, target) is { } license)
        {
            findings.AddLicense(license);
        }
    }
}
