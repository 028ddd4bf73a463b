namespace Portcullis.Tests.Access;

/// <summary>Tests that share one running operator; what they need in its cluster they apply in a OneTimeSetUp of their own, which comes after.</summary>
internal abstract class RunningOperatorFixture
{
    protected RunningOperator Operator { get; private set; } = null!;

    [OneTimeSetUp]
    public async Task StartOperatorAsync() => Operator = await RunningOperator.StartAsync();

    [OneTimeTearDown]
    public async Task StopOperatorAsync() => await Operator.DisposeAsync();
}
