using Portcullis.ApiServer.Storage;

namespace Portcullis.ApiServer.Tests.Storage;

/// <summary>The database holds Secrets: only its owner may read it, whatever the umask, and what an older version left open is closed.</summary>
[TestFixture]
internal sealed class SqliteFileTests
{
    private const UnixFileMode OwnerOnly = UnixFileMode.UserRead | UnixFileMode.UserWrite;

    [TestCase(false)]
    [TestCase(true)]
    public void Nobody_else_can_read_the_database(bool isOldAndOpen)
    {
        var folder = Directory.CreateTempSubdirectory("portcullis-db-").FullName;
        var path = Path.Combine(folder, "api.db");
        if (isOldAndOpen)
        {
            File.WriteAllBytes(path, []);
            File.SetUnixFileMode(path, OwnerOnly | UnixFileMode.GroupRead | UnixFileMode.OtherRead);
        }

        using (var file = new SqliteFile(path))
        {
            file.Commit([(new SqliteRow("", "secrets", "default", "a", 1, [1]), false)], 1);
            Assert.That(Directory.GetFiles(folder).Select(f => (Path.GetFileName(f), File.GetUnixFileMode(f))).Order(), Is.EqualTo(new[]
            {
                ("api.db", OwnerOnly), ("api.db-shm", OwnerOnly), ("api.db-wal", OwnerOnly),
            }));
        }

        Directory.Delete(folder, recursive: true);
    }
}
