using Portcullis.Tools.Mutants;
using Portcullis.Tools.Sizes;

return args switch
{
    ["mutants", .. var files] => MutantsCommand.Run(files),
    ["mutants-worker", .. var options] => MutantWorker.Run(options),
    ["sizes"] => SizesCommand.Run(),
    _ => Usage(),
};

static int Usage()
{
    Console.Error.WriteLine("usage: mutants [PART-OF-A-FILE-NAME ...] | sizes");
    return 2;
}
