using System.Reflection;
using NUnit.Framework.Api;
using NUnit.Framework.Interfaces;
using NUnit.Framework.Internal;

namespace Portcullis.Tools.Mutants;

/// <summary>The tests of Core, run in this process. A test is named by its place among all tests, which is the same in every process.</summary>
internal sealed class CoreTests
{
    private readonly NUnitTestAssemblyRunner _runner = new(new DefaultTestAssemblyBuilder());
    private readonly List<ITest> _tests;

    public CoreTests(Assembly assembly)
    {
        var suite = _runner.Load(assembly, new Dictionary<string, object> { ["NumberOfTestWorkers"] = 0, ["StopOnError"] = true, ["SynchronousEvents"] = true });
        _tests = [.. Leaves(suite).Where(t => t.RunState == RunState.Runnable)];
    }

    public int Count => _tests.Count;

    public string NameOf(int test) => _tests[test].FullName;

    /// <summary>Runs them in their order until one fails; <paramref name="finished"/> gets each one's place, seconds and success.</summary>
    public void Run(IEnumerable<int> tests, Action<int, double, bool> finished)
    {
        var places = tests.ToDictionary(t => _tests[t].Id, t => t);
        _runner.Run(new Listener(places, finished), new Chosen([.. places.Keys]));
    }

    private static IEnumerable<ITest> Leaves(ITest test) => test.IsSuite ? test.Tests.SelectMany(Leaves) : [test];

    private sealed class Chosen(HashSet<string> ids) : TestFilter
    {
        public override bool Match(ITest test) => ids.Contains(test.Id);

        public override TNode AddToXml(TNode parentNode, bool recursive) => parentNode.AddElement("chosen");
    }

    private sealed class Listener(Dictionary<string, int> places, Action<int, double, bool> finished) : ITestListener
    {
        public void TestStarted(ITest test)
        {
        }

        public void TestFinished(ITestResult result)
        {
            if (places.TryGetValue(result.Test.Id, out var place))
            {
                finished(place, result.Duration, result.ResultState.Status is not TestStatus.Failed);
            }
        }

        public void TestOutput(TestOutput output)
        {
        }

        public void SendMessage(TestMessage message)
        {
        }
    }
}
