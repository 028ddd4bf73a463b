using System.Diagnostics.CodeAnalysis;
using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;

namespace Portcullis.Clients.Git;

/// <summary>
/// Reads blobs from libgit2's object database. LibGit2Sharp's own <c>Blob</c> reads each one three times (to look it up, for its size, for
/// its content), which makes five thousand files slower than a git process. Not for two threads at once.
/// </summary>
internal sealed partial class ObjectDatabase : SafeHandleZeroOrMinusOneIsInvalid
{
    /// <summary>Errors of the machine, not of the repository: no memory, and a failed call to the system.</summary>
    private const int LastClassOfTheMachine = 2;

    public ObjectDatabase()
        : base(ownsHandle: true)
    {
    }

    /// <summary>Opens the objects of a repository, with those that its alternates lend it.</summary>
    public static ObjectDatabase Open(string folder)
    {
        LibGit2.EnsurePrepared();
        var result = OpenDatabase(out var database, Path.Combine(folder, "objects"));
        return result == 0 ? database : throw Failure(folder);
    }

    /// <summary>False when it is not here or cannot be read.</summary>
    public bool TryRead(string id, int sizeLimit, [NotNullWhen(true)] out GitBlob? blob) => TryReadOnce(id, sizeLimit, out blob) == 0;

    /// <summary>A blob, without its content when it is larger than the limit.</summary>
    public GitBlob Read(string id, int sizeLimit) => TryReadOnce(id, sizeLimit, out var blob) == 0 ? blob! : throw Failure($"object {id}");

    private int TryReadOnce(string id, int sizeLimit, out GitBlob? blob)
    {
        blob = null;
        Span<byte> hash = stackalloc byte[20];
        Convert.FromHexString(id, hash, out _, out _);
        var result = ReadHeader(out var size, out _, this, hash); // before memory is taken for it
        if (result != 0 || size > sizeLimit)
        {
            blob = result == 0 ? new GitBlob(id, size, null) : null;
            return result;
        }

        result = ReadObject(out var found, this, hash);
        if (result == 0)
        {
            blob = new GitBlob(id, size, Content(found));
            FreeObject(found);
        }

        return result;
    }

    protected override bool ReleaseHandle()
    {
        FreeDatabase(handle);
        return true;
    }

    private static byte[] Content(nint found)
    {
        var content = new byte[SizeOf(found)];
        Marshal.Copy(ContentOf(found), content, 0, content.Length);
        return content;
    }

    /// <summary>What the last call on this thread left: a message, and the class of the error after it.</summary>
    private static GitException Failure(string what)
    {
        var error = LastError();
        var isOurs = error != 0 && Marshal.ReadInt32(error, nint.Size) <= LastClassOfTheMachine;
        var message = error == 0 ? null : Marshal.PtrToStringUTF8(Marshal.ReadIntPtr(error));
        return new GitException(isOurs ? GitFailure.Other : GitFailure.Damaged, $"{what}: {GitFailures.Redact(message ?? "cannot be read")}");
    }

    [LibraryImport(LibGit2.Library, EntryPoint = "git_odb_open", StringMarshalling = StringMarshalling.Utf8)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static partial int OpenDatabase(out ObjectDatabase database, string folder);

    [LibraryImport(LibGit2.Library, EntryPoint = "git_odb_read_header")]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static partial int ReadHeader(out nint size, out int type, ObjectDatabase database, ReadOnlySpan<byte> id);

    [LibraryImport(LibGit2.Library, EntryPoint = "git_odb_read")]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static partial int ReadObject(out nint found, ObjectDatabase database, ReadOnlySpan<byte> id);

    [LibraryImport(LibGit2.Library, EntryPoint = "git_odb_object_data")]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static partial nint ContentOf(nint found);

    [LibraryImport(LibGit2.Library, EntryPoint = "git_odb_object_size")]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static partial nint SizeOf(nint found);

    [LibraryImport(LibGit2.Library, EntryPoint = "git_odb_object_free")]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static partial void FreeObject(nint found);

    [LibraryImport(LibGit2.Library, EntryPoint = "git_odb_free")]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static partial void FreeDatabase(nint database);

    [LibraryImport(LibGit2.Library, EntryPoint = "git_error_last")]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static partial nint LastError();
}
