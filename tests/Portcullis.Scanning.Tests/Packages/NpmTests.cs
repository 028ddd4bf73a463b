using Portcullis.Scanning.Tests.Layers;
using Portcullis.Testing.Images;

namespace Portcullis.Scanning.Tests.Packages;

internal sealed class NpmTests
{
    [Test]
    public async Task Installed_packages_are_read_and_an_applications_own_manifest_or_a_packages_inner_ones_are_not()
    {
        var layer = await Read.LayerAsync(new LayerArchive().File("app/package.json", """{"name":"app","version":"1.0.0"}""")
            .File("app/node_modules/lodash/package.json", "\ufeff{\"name\":\"lodash\",\"version\":\"4.17.20\",\"author\":{\"name\":\"x\"}}")
            .File("app/node_modules/@babel/core/package.json", """{"version":"7.1.0","name":"@babel/core"}""")
            .File("app/node_modules/alias/package.json", """{"name":"real","version":"1.0.0"}""")
            .File("app/node_modules/nameless/package.json", "{}")
            .File("app/node_modules/lodash/test/package.json", """{"name":"inner","version":"1.0.0"}""")
            .File("not_node_modules/x/package.json", """{"name":"x","version":"1.0.0"}"""));
        Assert.That(Read.Names(layer), Is.EquivalentTo(["lodash 4.17.20", "@babel/core 7.1.0", "real 1.0.0", "nameless "]));
        Assert.That(layer.Problems, Is.Empty);
    }

    [TestCase("root/.local/share/pnpm/store/v10/files/00/e2b1f5c7a9d3486b0f1e2d3c4b5a69788796a5b4c3d2e1f00f1e2d3c4b5a6978")]
    [TestCase("root/.yarn/berry/index/00/00e2b1f5c7a9d3486b0f1e2d3c4b5a69788796a5b4.dat")]
    [TestCase("root/.bun/install/cache/lodash@4.17.20@@@1/package.json")]
    public async Task A_package_whose_manifest_is_a_hard_link_into_a_package_managers_store_is_read(string stored)
    {
        var layer = await Read.LayerAsync(new LayerArchive().File(stored, """{"name":"lodash","version":"4.17.20","license":"MIT"}""")
            .HardLink("srv/node_modules/lodash/package.json", stored)
            .HardLink("srv/node_modules/a/node_modules/lodash/package.json", "srv/node_modules/lodash/package.json")
            .HardLink("srv/node_modules/lodash/copy.json", stored));
        Assert.That(Read.Names(layer), Is.EqualTo(["lodash 4.17.20", "lodash 4.17.20"]));
        Assert.That(layer.Packages.Select(p => (p.Path, p.Components[0].License)), Is.EqualTo(new[]
        {
            ("srv/node_modules/a/node_modules/lodash/package.json", (string?)"MIT"), ("srv/node_modules/lodash/package.json", "MIT"),
        }));
        Assert.That(layer.Problems, Is.Empty);
    }

    [TestCase("files/00/e2b1f5c7a9d3486b0f1e2d3c4b5a6978", "{\"version\":\"1.0.0\"}")]
    [TestCase("files/00/e2b1f5c7a9d3486b0f1e2d3c4b5a6978", "{\"name\":\"x\"")]
    [TestCase("files/00/e2b1f5c7a9d3486b0f1e2d3c4b5a6978", "[]")]
    [TestCase("files/00/short", "{\"name\":\"x\",\"version\":\"1.0.0\"}")]
    public async Task A_manifest_that_is_a_hard_link_to_something_else_is_a_problem(string stored, string text)
    {
        var layer = await Read.LayerAsync(new LayerArchive().File(stored, text).HardLink("node_modules/x/package.json", stored));
        Assert.That(layer.Problems.Single().Path, Is.EqualTo("node_modules/x/package.json"));
    }

    [Test]
    public async Task A_hard_link_has_the_content_that_the_archive_has_last_at_its_target()
    {
        const string Stored = "files/00/e2b1f5c7a9d3486b0f1e2d3c4b5a6978";
        var layer = await Read.LayerAsync(new LayerArchive().File(Stored, """{"name":"old","version":"1.0.0"}""").File(Stored, "{}").HardLink("node_modules/x/package.json", Stored));
        Assert.That((Read.Names(layer).Count, layer.Problems.Single().Path), Is.EqualTo((0, "node_modules/x/package.json")));
    }

    [Test]
    public async Task A_broken_manifest_is_a_problem([Values("{", "[]", "", "{\"name\":\"\xff\"", "nul")] string text)
    {
        var layer = await Read.LayerAsync(new LayerArchive().File("node_modules/x/package.json", System.Text.Encoding.Latin1.GetBytes(text)));
        Assert.That(layer.Problems.Single().Path, Is.EqualTo("node_modules/x/package.json"));
    }

    [Test]
    public async Task A_lock_file_names_what_an_image_that_runs_has([Values(1, 3)] int version)
    {
        var text = version == 3
            ? """
              {"name":"app","lockfileVersion":3,"packages":{"":{"name":"app","version":"1.0.0"},
               "node_modules/a":{"version":"1.0.0","license":"MIT","dependencies":{"b":"^2"}},"node_modules/a/node_modules/@s/b":{"version":"2.0.0"},
               "node_modules/d":{"version":"1.0.0","dev":true},"node_modules/w":{"resolved":"packages/w","link":true},"packages/w":{"version":"9.0.0"},
               "node_modules/win":{"version":"1.0.0","optional":true,"os":["win32"]},"node_modules/alias":{"name":"real","version":"3.0.0"}}}
              """
            : """
              {"name":"app","version":"1.0.0","lockfileVersion":1,"dependencies":{"a":{"version":"1.0.0","requires":{"b":"^2"},
               "dependencies":{"@s/b":{"version":"2.0.0"}}},"d":{"version":"1.0.0","dev":true},"g":{"version":"git+ssh://git@example.org/g.git#abc"}}}
              """;
        var layer = await Read.LayerAsync(new LayerArchive().File("app/package-lock.json", text).File("app/node_modules/x/package-lock.json", text));
        string[] more = version == 3 ? ["real 3.0.0"] : ["g "];
        Assert.That(Read.Names(layer), Is.EquivalentTo(["a 1.0.0", "@s/b 2.0.0", .. more]));
    }

    [TestCase("package-lock.json", "{\"packages\":5}")]
    [TestCase("package-lock.json", "{\"dependencies\":[]}")]
    [TestCase("pnpm-lock.yaml", "")]
    [TestCase("pnpm-lock.yaml", "\0\u0001")]
    [TestCase("pnpm-lock.yaml", "{lockfileVersion: 9.0, packages: {lodash@4.17.15: {} } }")]
    [TestCase("pnpm-lock.yaml", "packages:\n  lodash@4.17.15:\n")]
    [TestCase("pnpm-lock.yaml", "lockfileVersion: '9.0'\npackages:\n    lodash@4.17.15:\n")]
    public async Task A_lock_file_of_another_shape_is_a_problem(string path, string text) =>
        Assert.That((await Read.LayerAsync(new LayerArchive().File(path, text))).Problems.Single().Path, Is.EqualTo(path));

    [Test]
    public async Task A_lock_file_in_another_encoding_is_a_problem([Values("package-lock.json", "yarn.lock", "pnpm-lock.yaml")] string path)
    {
        const string Text = "lockfileVersion: '9.0'\npackages:\n  lodash@4.17.15:\n";
        var layer = await Read.LayerAsync(new LayerArchive().File(path, System.Text.Encoding.Unicode.GetBytes(Text)));
        Assert.That(layer.Problems.Single().Path, Is.EqualTo(path));
    }

    [Test]
    public async Task A_package_for_development_alone_in_the_lock_file_of_pnpm_may_be_its_first()
    {
        var layer = await Read.LayerAsync(new LayerArchive().File("pnpm-lock.yaml", """
            lockfileVersion: '6.0'
            packages:

              /a@1.0.0:
                resolution: {integrity: x}
                dev: true
                engines: {node: '>=6'}

              /b@1.0.0:
                dev: false
            """));
        Assert.That((Read.Names(layer).Single(), layer.Problems.Count), Is.EqualTo(("b 1.0.0", 0)));
    }

    [Test]
    public async Task A_lock_file_of_yarn_names_its_packages()
    {
        var layer = await Read.LayerAsync(new LayerArchive().File("yarn.lock", """
            # yarn lockfile v1

            "@babel/core@^7.0.0", "@babel/core@^7.1.0":
              version "7.12.11"
              resolved "https://registry.example.org/x"
              dependencies:
                version "^1.0.0"

            other@npm:lodash@^4.0.0:
              version "4.17.20"
            """).File("b/yarn.lock", """
            __metadata:
              version: 8

            "lodash@npm:^4.17.0":
              version: 4.17.21
              resolution: "lodash@npm:4.17.21"

            "app@workspace:.":
              version: 0.0.0-use.local
            """));
        Assert.That(Read.Names(layer), Is.EqualTo(["lodash 4.17.21", "@babel/core 7.12.11", "lodash 4.17.20"]));
        Assert.That((await Read.LayerAsync(new LayerArchive().File("yarn.lock", "nonsense\n"))).Problems, Has.Count.EqualTo(1));
    }

    [Test]
    public async Task A_lock_file_of_pnpm_names_its_packages(
        [Values("/lodash/4.17.20:|/@babel/core/7.1.0_peer@1.0.0:|/d/1.0.0:", "/lodash@4.17.20:|/@babel/core@7.1.0(peer@1.0.0(x@1)):|/d@1.0.0:", "lodash@4.17.20:|'@babel/core@7.1.0':|d@1.0.0:")]
        string keys)
    {
        var parts = keys.Split('|');
        var layer = await Read.LayerAsync(new LayerArchive().File("pnpm-lock.yaml",
            $"lockfileVersion: '9.0'\n\nimporters:\n\n  .:\n    x: 1\n\npackages:\n\n  {parts[0]}\n    resolution: {{integrity: x}}\n\n  {parts[1]}\n    dev: false\n\n  {parts[2]}\n    dev: true\n\nsnapshots:\n\n  n@1.0.0: {{}}\n"));
        Assert.That(Read.Names(layer), Is.EqualTo(["lodash 4.17.20", "@babel/core 7.1.0"]));
    }
}
