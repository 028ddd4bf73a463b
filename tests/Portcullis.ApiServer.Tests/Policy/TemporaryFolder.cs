namespace Portcullis.ApiServer.Tests.Policy;

internal sealed class TemporaryFolder : IDisposable
{
    public string Path { get; } = Directory.CreateTempSubdirectory("portcullis-policy-").FullName;

    public void Dispose() => Directory.Delete(Path, recursive: true);
}
