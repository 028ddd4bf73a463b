using Portcullis.Tools.Fuzzing;
using Portcullis.Tools.Mutants;
using Portcullis.Tools.Sizes;

return args switch
{
    ["mutants", .. var files] => MutantsCommand.Run(files),
    ["mutants-worker", .. var options] => MutantWorker.Run(options),
    ["sizes"] => SizesCommand.Run(),
    ["fuzz", .. var options] => FuzzCommand.Run(options),
    ["fuzz-worker", .. var options] => FuzzWorker.Run(options),
    _ => Usage(),
};

static int Usage()
{
    Console.Error.WriteLine("usage: mutants [PART-OF-A-FILE-NAME ...] | sizes | fuzz [TARGET ...] [--seconds N] [--seed N]");
    return 2;
}
