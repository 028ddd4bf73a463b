using Portcullis.Benchmarks.Measuring;

return await BenchmarkRun.RunAsync(args);
