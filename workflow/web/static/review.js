// 审核页：随手更新“还差几项未判”；没有脚本时，提交后由服务器说明。
"use strict";
(function () {
  var form = document.querySelector("form[data-nine]");
  var told = document.getElementById("unjudged");
  if (!form || !told) return;
  function count() {
    var groups = {}, open = [];
    form.querySelectorAll("input[type=radio][name^='" + form.dataset.nine + "']").forEach(function (box) {
      groups[box.name] = groups[box.name] || box.checked;
    });
    Object.keys(groups).forEach(function (name, n) {
      if (!groups[name]) open.push(n + 1);
    });
    told.textContent = open.length
      ? "还差 " + open.length + " 项未判" + (open.length < 9 ? "：第 " + open.join("、") + " 项" : "")
      : "九项都已判断";
  }
  form.addEventListener("change", count);
  count();
})();
