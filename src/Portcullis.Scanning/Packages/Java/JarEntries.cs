using System.Buffers.Binary;
using System.Text;
using Portcullis.Scanning.Files;

namespace Portcullis.Scanning.Packages.Java;

/// <summary>
/// The entries of a zip archive, one after the other, as a stream: an archive may be larger than what may be kept in memory, and lies within a layer that is read once. Java
/// goes by the directory at the archive's end (APPNOTE 4.3.12); so what that names, and was not met before its end, is damage.
/// </summary>
internal sealed class JarEntries(ForwardInput input, JarBudget budget) : IDisposable
{
    private const int LocalLength = 30;
    private const int DirectoryLength = 46;
    private const int EndLength = 22;
    private const int EncryptedFlag = 1;
    private const int DescriptorFlag = 8;
    private const ushort WideExtra = 1;

    // By hash: a collision would only leave damage unseen.
    private readonly HashSet<int> _met = [];
    private JarContent? _content;

    public void Dispose() => _content?.Dispose();

    /// <summary>The next entry; null at the end. What was not read of the last one is passed over.</summary>
    /// <exception cref="UnreadableFileException">The archive is damaged, or beyond a limit.</exception>
    public async ValueTask<JarEntry?> NextAsync(CancellationToken cancellationToken)
    {
        await (_content?.SkipRestAsync(cancellationToken) ?? ValueTask.CompletedTask);
        _content = null;
        var kind = await FindAsync(cancellationToken);
        if (kind == 0x0403)
        {
            return await BeginAsync(cancellationToken);
        }

        while (kind == 0x0201)
        {
            await ReadNameAsync(cancellationToken);
            kind = await FindAsync(cancellationToken, here: true);
        }

        return (await input.PeekAsync(EndLength, cancellationToken)).Length < EndLength ? throw Cut() : null;
    }

    /// <summary>
    /// The signature that is next, without the letters PK. Before the first entry a script may stand, which makes the archive a program, and between two what was left of a
    /// third.
    /// </summary>
    private async ValueTask<int> FindAsync(CancellationToken cancellationToken, bool here = false)
    {
        while (true)
        {
            var seen = await input.PeekAsync(4, cancellationToken);
            if (seen.Length < 4)
            {
                throw Cut();
            }

            var at = seen.Span.IndexOf("PK"u8);
            if (at == 0 && BinaryPrimitives.ReadUInt16LittleEndian(seen.Span[2..]) is var kind && kind is 0x0403 or 0x0201 or 0x0605 or 0x0606)
            {
                return kind;
            }

            if (here)
            {
                throw new UnreadableFileException("its directory is damaged");
            }

            await input.TakeSomeAsync(at switch { 0 => 2, > 0 => at, _ => seen.Length - 1 }, cancellationToken);
        }
    }

    private async ValueTask<JarEntry> BeginAsync(CancellationToken cancellationToken)
    {
        budget.CountHeader();
        var header = (await TakeAsync(LocalLength, cancellationToken)).ToArray();
        var flags = U16(header, 6);
        long stored = U32(header, 18);
        long size = U32(header, 22);
        var name = Encoding.UTF8.GetString((await TakeAsync(U16(header, 26), cancellationToken)).Span);
        var extra = await TakeAsync(U16(header, 28), cancellationToken);
        stored = stored == uint.MaxValue ? Wide(extra.Span, size == uint.MaxValue ? 8 : 0) : stored;
        var isUnknown = (flags & DescriptorFlag) != 0 && stored == 0;
        if (JarNames.IsOfInterest(name))
        {
            _met.Add(name.GetHashCode(StringComparison.Ordinal));
        }

        _content = new JarContent(input, isUnknown ? null : stored);
        return new(name, U16(header, 8), (flags & EncryptedFlag) != 0, _content);
    }

    private async ValueTask ReadNameAsync(CancellationToken cancellationToken)
    {
        budget.CountHeader();
        var header = await TakeAsync(DirectoryLength, cancellationToken);
        var (length, rest) = (U16(header.Span, 28), U16(header.Span, 30) + U16(header.Span, 32));
        var name = Encoding.UTF8.GetString((await TakeAsync(length, cancellationToken)).Span);
        if (JarNames.IsOfInterest(name) && !_met.Contains(name.GetHashCode(StringComparison.Ordinal)))
        {
            throw new UnreadableFileException($"its directory names {JarNames.Short(name)}, which is not in front of it");
        }

        if (!await input.SkipAsync(rest, cancellationToken))
        {
            throw Cut();
        }
    }

    // "Zip64 Extended Information Extra Field" (4.5.3): the length comes first, if it does not fit either.
    private static long Wide(ReadOnlySpan<byte> extra, int offset)
    {
        while (extra.Length >= 4)
        {
            int length = U16(extra, 2);
            if (length > extra.Length - 4)
            {
                break;
            }

            if (U16(extra, 0) == WideExtra && offset + 8 <= length)
            {
                var wide = BinaryPrimitives.ReadInt64LittleEndian(extra[(4 + offset)..]);
                return wide >= 0 ? wide : throw new UnreadableFileException("an entry of it is damaged");
            }

            extra = extra[(4 + length)..];
        }

        return uint.MaxValue;
    }

    private async ValueTask<ReadOnlyMemory<byte>> TakeAsync(int count, CancellationToken cancellationToken) =>
        await input.TakeAsync(count, cancellationToken) is var bytes && bytes.Length == count ? bytes : throw Cut();

    private static ushort U16(ReadOnlySpan<byte> bytes, int at) => BinaryPrimitives.ReadUInt16LittleEndian(bytes[at..]);

    private static uint U32(ReadOnlySpan<byte> bytes, int at) => BinaryPrimitives.ReadUInt32LittleEndian(bytes[at..]);

    private static UnreadableFileException Cut() => new("it ends within an entry or its directory");
}
