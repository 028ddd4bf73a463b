// Most tests wait for servers of their own, so that two fixtures run beside each other on two cores. The tests of one fixture share fields.
[assembly: Parallelizable(ParallelScope.Fixtures)]
