using Portcullis.Core.Components;
using Portcullis.Scanning.Files;

namespace Portcullis.Scanning.Packages.Java;

/// <summary>
/// Reads an archive of Java, and those inside of it, as a stream: jars of one program may have hundreds of MiB, which no reader may keep in memory.
/// </summary>
/// <param name="source">The file, without its content.</param>
/// <param name="budget">How much is read of it.</param>
internal sealed class JarReader(PackageSource source, JarBudget budget)
{
    // Only the beginning of a manifest describes the archive; that of a signed archive goes on with a section for each file.
    private const int ManifestBytes = 64 << 10;
    private const int PropertiesBytes = 64 << 10;
    private const int ModelBytes = 512 << 10;
    private const int MostArtifacts = 20_000;
    private const int MostReports = 20;

    // Small enough for the garbage collector's first generation, since each archive in an archive has one.
    private const int NestedBuffer = 80 << 10;

    private readonly ComponentList _components = new(source);
    private readonly byte[] _file = new byte[ModelBytes];
    private int _reports;

    /// <summary>The components of the archive.</summary>
    /// <param name="archive">Its bytes; it need not be read to its end.</param>
    /// <param name="cancellationToken">Ends the reading.</param>
    /// <exception cref="UnreadableFileException">The archive is damaged; what is damaged in it alone is reported.</exception>
    public async ValueTask<IReadOnlyList<Component>> ReadAsync(Stream archive, CancellationToken cancellationToken)
    {
        var input = new ForwardInput(archive, long.MaxValue, NestedBuffer);
        try
        {
            await ReadAsync(input, new JarFacts(source.FileName), "", 1, cancellationToken);
        }
        catch (UnreadableFileException exception)
        {
            // What was found before counts.
            source.Report(exception.Message);
        }

        if (_reports > MostReports)
        {
            source.Report($"{_reports - MostReports} more of the files in it could not be read");
        }

        return _components.Distinct();
    }

    private async ValueTask ReadAsync(ForwardInput input, JarFacts facts, string place, int depth, CancellationToken cancellationToken)
    {
        using var entries = new JarEntries(input, budget);
        try
        {
            while (await entries.NextAsync(cancellationToken) is { } entry)
            {
                if (JarNames.IsOfInterest(entry.Name))
                {
                    await TryVisitAsync(entry, facts, place + entry.Name, depth, cancellationToken);
                }
            }
        }
        finally
        {
            foreach (var component in facts.Components())
            {
                _components.Add(component);
            }
        }
    }

    private async ValueTask TryVisitAsync(JarEntry entry, JarFacts facts, string place, int depth, CancellationToken cancellationToken)
    {
        try
        {
            await VisitAsync(entry, facts, place, depth, cancellationToken);
        }
        catch (UnreadableFileException exception)
        {
            Report(place, exception.Message);
        }
        catch (InvalidDataException)
        {
            Report(place, "its compressed data is damaged");
        }
    }

    private async ValueTask VisitAsync(JarEntry entry, JarFacts facts, string place, int depth, CancellationToken cancellationToken)
    {
        if (!entry.IsReadable)
        {
            throw new UnreadableFileException("it is encrypted, or compressed in a way that Java does not read");
        }

        await using var content = entry.Open();
        if (JarNames.IsArchive(entry.Name))
        {
            await NestAsync(entry, content, place, depth + 1, cancellationToken);
        }
        else if (entry.Name == JarNames.Manifest)
        {
            facts.AddManifest(JarManifest.Read((await FileAsync(content, ManifestBytes, cancellationToken)).Span));
        }
        else if (facts.Count >= MostArtifacts)
        {
            throw new UnreadableFileException($"it is of more than {MostArtifacts} artifacts, and the rest was not read");
        }
        else if (JarNames.MavenFolder(entry.Name, "pom.properties") is { } folder)
        {
            facts.AddProperties(folder, MavenCoordinates.OfProperties((await FileAsync(content, PropertiesBytes, cancellationToken)).Span));
        }
        else if (JarNames.MavenFolder(entry.Name, "pom.xml") is { } other)
        {
            facts.AddModel(other, MavenModel.Read(_file, (await FileAsync(content, ModelBytes, cancellationToken)).Length));
        }
    }

    private async ValueTask NestAsync(JarEntry entry, Stream content, string place, int depth, CancellationToken cancellationToken)
    {
        if (budget.Bytes == 0)
        {
            throw new UnreadableFileException("it was not read, since the archives before it have too many bytes once decompressed");
        }

        var input = new ForwardInput(content, budget.Bytes, NestedBuffer);
        if (!JarNames.BeginsAsArchive((await input.PeekAsync(2, cancellationToken)).Span))
        {
            return;
        }

        if (depth > JarBudget.MostDepth)
        {
            throw new UnreadableFileException($"it is an archive more than {JarBudget.MostDepth} deep, and was not read");
        }

        try
        {
            await ReadAsync(input, new JarFacts(entry.Name[(entry.Name.LastIndexOf('/') + 1)..]), place + "!/", depth, cancellationToken);
        }
        finally
        {
            budget.CountBytes(entry.IsCompressed ? input.BytesRead : 0);
        }
    }

    /// <summary>The first bytes of a small file; they are valid until the next one is read.</summary>
    private async ValueTask<ReadOnlyMemory<byte>> FileAsync(Stream content, int most, CancellationToken cancellationToken)
    {
        var length = await content.ReadAtLeastAsync(_file.AsMemory(0, most), most, throwOnEndOfStream: false, cancellationToken);
        return _file.AsMemory(0, length);
    }

    private void Report(string place, string message)
    {
        if (++_reports <= MostReports)
        {
            source.Report($"{JarNames.Short(place)} in it: {message}");
        }
    }
}
