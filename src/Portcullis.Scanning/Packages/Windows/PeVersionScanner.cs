using Portcullis.Scanning.Files;

namespace Portcullis.Scanning.Packages.Windows;

/// <summary>
/// Finds the version resource of a program or library of Windows as it passes by. The headers say where the resources are, and these begin with their tree, which says where in what
/// follows the version is: so that only those two are kept.
/// </summary>
internal sealed class PeVersionScanner
{
    // 70 bytes a resource; those with the most have some thousands.
    private const int MaxTree = 256 << 10;
    private const int MaxVersion = 64 << 10;

    private readonly byte[] _tree = new byte[MaxTree];
    private readonly byte[] _version = new byte[MaxVersion];
    private PeImage? _image;
    private FileWindow _treeWindow;
    private FileWindow _versionWindow;
    private long _passed;
    private bool _isTreeRead;

    /// <summary>What the binary is; null when it does not say.</summary>
    public VersionedBinary? Found { get; private set; }

    /// <summary>Whether the binary has a version resource that could not be read.</summary>
    public bool IsUnreadable { get; private set; }

    /// <summary>Begins with another binary, of which these are the first bytes: 4 KiB, if it has as many. They are not yet looked at.</summary>
    public void Begin(ReadOnlySpan<byte> first)
    {
        _image = PeImage.Read(first);
        _treeWindow = new(_image is { Resources: > 0 } ? _image.OffsetOf(_image.Resources) ?? -1 : -1, MaxTree);
        _versionWindow = new(-1, 0);
        (_passed, _isTreeRead, Found, IsUnreadable) = (0, false, null, false);
    }

    /// <summary>Looks at the next bytes of the binary.</summary>
    public void Append(ReadOnlySpan<byte> bytes)
    {
        if (_image is null || _treeWindow.Offset < 0)
        {
            return;
        }

        _treeWindow.Copy(_passed, bytes, _tree);
        _versionWindow.Copy(_passed, bytes, _version);
        if (!_isTreeRead && _passed + bytes.Length >= _treeWindow.Offset + MaxTree)
        {
            ReadTree();
            _versionWindow.Copy(_passed, bytes, _version);
        }

        _passed += bytes.Length;
    }

    /// <summary>The binary has ended.</summary>
    public void Finish()
    {
        if (_image is null || _treeWindow.Offset < 0)
        {
            return;
        }

        if (!_isTreeRead)
        {
            ReadTree();
        }

        if (_versionWindow.Offset < 0)
        {
            return;
        }

        try
        {
            // What ends before its version does was cut.
            var texts = _versionWindow.IsWhole ? VersionResource.Read(_version.AsSpan(0, _versionWindow.Length)) : throw new UnreadableFileException("it was cut");
            Found = VersionedBinary.Of(texts, _image.IsManaged);
        }
        catch (UnreadableFileException)
        {
            IsUnreadable = true;
        }
    }

    private void ReadTree()
    {
        _isTreeRead = true;
        try
        {
            if (ResourceTree.Version(_tree.AsSpan(0, _treeWindow.Filled)) is not var (address, length))
            {
                return;
            }

            var offset = length <= MaxVersion ? _image!.OffsetOf(address) ?? -1 : -1;
            IsUnreadable = offset < 0;
            _versionWindow = new(offset, (int)Math.Min(length, MaxVersion));
            // What lies within the tree's part, or before what is looked at now, passed already.
            if (offset >= _treeWindow.Offset)
            {
                _versionWindow.Copy(_treeWindow.Offset, _tree.AsSpan(0, _treeWindow.Filled), _version);
            }
        }
        catch (UnreadableFileException)
        {
            IsUnreadable = true;
        }
    }

    /// <summary>A part of a file that is kept as the file passes, as far as it came.</summary>
    private record struct FileWindow(long Offset, int Length)
    {
        public int Filled { get; private set; }

        public readonly bool IsWhole => Filled == Length;

        /// <summary>Takes what follows what it has, of bytes that stand at a position of the file.</summary>
        public void Copy(long position, ReadOnlySpan<byte> bytes, Span<byte> into)
        {
            var next = Offset + Filled;
            if (Offset < 0 || Filled == Length || next < position || next >= position + bytes.Length)
            {
                return;
            }

            var part = bytes[(int)(next - position)..];
            part = part[..Math.Min(part.Length, Length - Filled)];
            part.CopyTo(into[Filled..]);
            Filled += part.Length;
        }
    }
}
