using Portcullis.Core.Kinds;
using Portcullis.Core.Revisions;
using Portcullis.Errors;

namespace Portcullis.Sources.Root;

/// <summary>What the start parameters declare the root source to be. A file (a mounted ConfigMap) is read again when its content changes.</summary>
internal sealed class RootSourceDeclaration
{
    private readonly Func<byte[], RevisionObject>? _parse;
    private byte[] _content = [];

    private RootSourceDeclaration(string name, string? file, Func<byte[], RevisionObject>? parse) => (Key, File, _parse) = (ObjectKey.Cluster(name), file, parse);

    public ObjectKey Key { get; }

    /// <summary>Null when it stands in the parameters themselves.</summary>
    public string? File { get; }

    /// <summary>Null when nothing is declared: there is no file yet.</summary>
    public RevisionObject? Current { get; private set; }

    /// <summary>What is wrong with the file now, while the last good content stays in force; null when nothing is.</summary>
    public string? Problem { get; private set; }

    public static RootSourceDeclaration Of(RevisionObject root) => new(root.Manifest.Key.Name, null, null) { Current = root };

    /// <exception cref="CommandException">The file is there and does not declare the root source.</exception>
    public static RootSourceDeclaration InFile(string file, string name, KindSet kinds)
    {
        var declaration = new RootSourceDeclaration(name, file, content => RootSource.Read(file, content, name, kinds));
        declaration.Read();
        return declaration.Problem is { } problem ? throw new CommandException(ExitCode.WrongInput, problem) : declaration;
    }

    /// <summary>Reads the file again.</summary>
    public void Read()
    {
        if (_parse is null)
        {
            return;
        }

        try
        {
            var content = System.IO.File.Exists(File) ? System.IO.File.ReadAllBytes(File) : _content;
            if (!content.AsSpan().SequenceEqual(_content))
            {
                Current = _parse(content);
                _content = content;
            }

            Problem = null;
        }
        catch (CommandException e)
        {
            Problem = e.Message;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            Problem = $"--root-file {File} cannot be read: {e.Message}";
        }
    }
}
