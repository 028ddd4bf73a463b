using Portcullis.ApiServer.Storage;
using Portcullis.Objects;

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

    [Test]
    public async Task A_file_of_an_older_version_is_served_with_the_versions_that_its_rows_have()
    {
        var folder = Directory.CreateTempSubdirectory("portcullis-db-").FullName;
        var path = Path.Combine(folder, "api.db");
        var withoutVersion = """{"apiVersion":"apps/v1","kind":"Deployment","metadata":{"name":"web","namespace":"default","uid":"u"},"spec":{"replicas":2}}"""u8.ToArray();
        using (var file = new SqliteFile(path))
        {
            file.Commit([(new SqliteRow("apps", "deployments", "default", "web", 41, withoutVersion), false)], 57);
        }

        await using (var store = SqliteStore.Open(path))
        {
            var deployments = new ApiResource("apps", "v1", "Deployment", "deployments", true);
            var read = store.Get(deployments, new ObjectKey("default", "web"))!;
            Assert.Multiple(() =>
            {
                Assert.That(read.Version, Is.EqualTo(41));
                Assert.That(read.Resource.ApiVersion, Is.EqualTo("apps/v1"));
                Assert.That(read.Object["metadata"]!["resourceVersion"]!.GetValue<string>(), Is.EqualTo("41"));
                Assert.That(read.Object["spec"]!["replicas"]!.GetValue<int>(), Is.EqualTo(2));
                Assert.That(store.CurrentVersion, Is.EqualTo(57), "the next write is newer than everything a client has seen");
            });
        }

        Directory.Delete(folder, recursive: true);
    }
}
