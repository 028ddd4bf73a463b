namespace Portcullis.Tests.Sources;

/// <summary>Tests of which each has a world of its own, with the operator running in it.</summary>
internal abstract class SourceWorldFixture
{
    protected SourceWorld World { get; private set; } = null!;

    [SetUp]
    public async Task StartWorldAsync() => World = await SourceWorld.StartAsync();

    [TearDown]
    public async Task EndWorldAsync() => await World.DisposeAsync();
}
