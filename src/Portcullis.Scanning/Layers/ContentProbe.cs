using System.Security.Cryptography;
using Portcullis.Core.Components;
using Portcullis.Scanning.Layers.Tar;
using Portcullis.Scanning.Packages;
using Portcullis.Scanning.Packages.Go;
using Portcullis.Scanning.Packages.Java;
using Portcullis.Scanning.Packages.Npm;
using Portcullis.Scanning.Packages.Rust;
using Portcullis.Scanning.Packages.Windows;

namespace Portcullis.Scanning.Layers;

/// <summary>Looks into files that are not known by their names: programs, libraries, assemblies and jars, by their first bytes.</summary>
internal sealed class ContentProbe(LayerEntries entries, LayerFindings findings, LayerLimits limits) : IDisposable
{
    private readonly IncrementalHash _hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
    private readonly GoBuildInfoScanner _go = new();
    private readonly AuditScanner _rust = new();
    private readonly PeVersionScanner _windows = new();

    public void Dispose() => _hash.Dispose();

    /// <summary>Reads the entry when it is one that is known by its content; whether it was.</summary>
    /// <param name="path">Its path in the image.</param>
    /// <param name="size">Its bytes.</param>
    /// <param name="cancellationToken">Ends the reading.</param>
    public async ValueTask<bool> ReadAsync(string path, long size, CancellationToken cancellationToken)
    {
        var part = await entries.ReadAsync(cancellationToken);
        if (!BinaryKinds.IsKnownByContent(path, part.Span))
        {
            if (size <= LinkedManifest.MaxBytes && LinkedManifest.MayBe(path, part.Span))
            {
                await ReadManifestAsync(path, part, (int)size, cancellationToken);
            }

            return false;
        }

        if (BinaryKinds.IsProgram(part.Span))
        {
            await ReadProgramAsync(path, part, cancellationToken);
        }
        else
        {
            await ReadArchiveAsync(path, part, cancellationToken);
        }

        findings.AddContent(path, Convert.ToHexStringLower(_hash.GetHashAndReset()));
        return true;
    }

    private async ValueTask ReadProgramAsync(string path, ReadOnlyMemory<byte> part, CancellationToken cancellationToken)
    {
        _go.Begin(part.Span);
        _rust.Begin();
        _windows.Begin(part.Span);
        for (; !part.IsEmpty; part = await entries.ReadAsync(cancellationToken))
        {
            _hash.AppendData(part.Span);
            _go.Append(part.Span);
            _rust.Append(part.Span);
            _windows.Append(part.Span);
        }

        _go.Finish();
        _rust.Finish();
        _windows.Finish();
        AddModules(path);
        AddVersion(path, modulesKnown: _go.Found is not null || _rust.Found.Count > 0);
    }

    private async ValueTask ReadArchiveAsync(string path, ReadOnlyMemory<byte> part, CancellationToken cancellationToken)
    {
        var content = new HashedContent(entries, part, _hash);
        var source = new PackageSource(path, default, findings.Owners, limits.Components);
        IReadOnlyList<Component> components = [];
        try
        {
            components = await new JarReader(source, new JarBudget()).ReadAsync(content, cancellationToken);
        }
        catch (Exception exception) when (exception is ArgumentException or IndexOutOfRangeException or OverflowException or FormatException or InvalidOperationException)
        {
            // As with files that name packages: what is made so that its reader fails must not end the scan of the image.
            source.Report($"it is damaged in a way that was not expected: {exception.Message}");
        }

        await content.DrainAsync(cancellationToken);
        if (components.Count > 0)
        {
            findings.AddPackages(path, components);
        }

        foreach (var problem in source.Problems)
        {
            findings.Report(path, problem);
        }
    }

    private async ValueTask ReadManifestAsync(string path, ReadOnlyMemory<byte> part, int size, CancellationToken cancellationToken)
    {
        var content = new MemoryStream(size);
        for (; !part.IsEmpty; part = await entries.ReadAsync(cancellationToken))
        {
            content.Write(part.Span);
        }

        if (LinkedManifest.Read(content.GetBuffer().AsSpan(0, (int)content.Length)) is { } component)
        {
            findings.AddLinkable(path, component);
        }
    }

    private void AddModules(string path)
    {
        IReadOnlyList<Component> modules = [.. _go.Found is { } info ? GoModules.Of(info) : [], .. _rust.Found];
        if (modules.Count > 0)
        {
            findings.AddPackages(path, modules);
        }

        if (_go.IsUnreadable)
        {
            findings.Report(path, $"it was built by Go 1.17 or before, and its modules cannot be read: it is no ELF file, or has more than {GoBuildInfoScanner.MaxKept >> 20} MiB of data");
        }

        if (_rust.IsUnreadable)
        {
            findings.Report(path, "it was built with cargo auditable, and its list of crates is damaged");
        }
    }

    // What lists its modules is known better by these.
    private void AddVersion(string path, bool modulesKnown)
    {
        if (_windows.IsUnreadable)
        {
            findings.Report(path, "its version resource is damaged");
        }
        else if (_windows.Found is { } binary && !modulesKnown)
        {
            findings.AddBinary(path, binary);
        }
    }
}
